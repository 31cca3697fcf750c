/* Waits in a memory template until the guest is restored, then makes it its own.
 *
 *   become-own HOME UID GID HOST_KEY_PIPE BYSTANDER…
 *
 * It tells the host "waiting" and blocks. The host saves the guest in that moment;
 * every guest restored from it wakes up here and reads one message:
 *
 *   LENGTH\n               then LENGTH bytes, fields that each end with a NUL:
 *   EPOCH SEED NAME CONTENT NAME CONTENT…
 *
 * EPOCH is the time in seconds with a fraction, SEED is text that nobody can guess.
 * What follows are small files as "provision" knows them, and machine-id and
 * boot-id; HOME, UID and GID are of the user who may log in. When they are applied, sshd gets its host key over the descriptor
 * HOST_KEY_PIPE. A while later the processes BYSTANDER and the first one go on.
 *
 * A restored QEMU has nothing translated, so every line here that runs for the
 * first time costs, and every system call a hundred times that. Hence files are
 * there already and in this process's memory, and are filled in there.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <linux/random.h>
#include <linux/rtc.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROVISION "/usr/lib/virtainers/provision"
#define IDENTITY "/run/virtainers/identity"
#define HOST_KEY "/etc/ssh/ssh_host_ed25519_key"
#define BOOT_ID "/proc/sys/kernel/random/boot_id"
#define OWN_BOOT_ID "/run/virtainers/boot-id"
#define RESOLVER "/etc/resolv.conf"
/* What "provision" makes the network of when this guest boots again. */
#define KEPT_NETWORK "/etc/virtainers/network"
#define ZONES "/usr/share/zoneinfo/"
/* The first process, which no signal stops. */
#define INIT_FREEZE "/sys/fs/cgroup/init.scope/cgroup.freeze"

enum { BITS_OF_SEED = 512, BYSTANDERS_DELAY = 3, HALF_A_SECOND = 500000000, LARGEST_MESSAGE = 1 << 20 };

/* A file of empty lines, to be filled in. The rest of them is cut off when there is
 * time for it. Its page is in memory, and is written to as memory is. */
struct blank {
  int fd;
  size_t size;
  char *text;
  size_t length;
};

static char message[LARGEST_MESSAGE];

static void put(const char *path, const char *data, size_t length, mode_t mode) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (fd < 0 || write(fd, data, length) != (ssize_t)length)
    err(1, "%s", path);
  close(fd);
}

/* Adds to a file that is there. */
static void append(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
  if (fd < 0 || write(fd, text, strlen(text)) < 0)
    warn("%s", path);
  close(fd);
}

static struct blank blank(const char *path, size_t size, mode_t mode) {
  struct blank blank = {.fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, mode), .size = size};
  if (blank.fd < 0 || ftruncate(blank.fd, size) != 0)
    err(1, "%s", path);
  blank.text = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, blank.fd, 0);
  if (blank.text == MAP_FAILED)
    err(1, "%s", path);
  memset(blank.text, '\n', size);
  return blank;
}

static void add(struct blank *blank, const char *text) {
  size_t length = strlen(text);
  if (blank->length + length <= blank->size)
    memcpy(blank->text + blank->length, text, length);
  else if (pwrite(blank->fd, text, length, blank->length) != (ssize_t)length)
    err(1, "a file does not take %zu bytes", length);
  blank->length += length;
}

static void fill(struct blank *blank, const char *text) {
  blank->length = 0;
  add(blank, text);
}

static void cut(struct blank *blank) {
  if (ftruncate(blank->fd, blank->length) != 0)
    warn("a file keeps its empty lines");
}

static int open_port(void) {
  static const char ports[] = "/sys/class/virtio-ports";
  DIR *folder = opendir(ports);
  struct dirent *entry;
  while (folder && (entry = readdir(folder))) {
    char path[512], name[64] = "";
    snprintf(path, sizeof path, "%s/%s/name", ports, entry->d_name);
    FILE *file = fopen(path, "re");
    if (!file)
      continue;
    if (fgets(name, sizeof name, file) && strcmp(name, "org.virtainers.status\n") == 0) {
      snprintf(path, sizeof path, "/dev/%s", entry->d_name);
      fclose(file);
      closedir(folder);
      return open(path, O_RDWR | O_CLOEXEC);
    }
    fclose(file);
  }
  errx(1, "there is no port to the host");
}

/* Returns the fields, and where they end. */
static char *receive(int port, char **end) {
  size_t have = 0, length = 0;
  char *fields = NULL;
  while (!fields || (size_t)(message + have - fields) < length) {
    ssize_t got = have < sizeof message - 1 ? read(port, message + have, sizeof message - 1 - have) : 0;
    if (got <= 0)
      err(1, "the host's message ends after %zu bytes", have);
    have += got;
    char *line = fields ? NULL : memchr(message, '\n', have);
    if (line) {
      length = strtoul(message, NULL, 10);
      fields = line + 1;
    }
  }
  *end = fields + length;
  return fields;
}

static char *next(char *field) {
  return field + strlen(field) + 1;
}

/* What the machine's own clock says, in seconds; 0 where there is none. The C
 * library's way to count days looks for time zones first. */
static time_t read_clock(int rtc) {
  struct rtc_time utc;
  if (ioctl(rtc, RTC_RD_TIME, &utc) != 0)
    return 0;
  /* Years that begin with March, so that a leap day is the last. */
  long month = (utc.tm_mon + 10) % 12, year = utc.tm_year + 1900 - (utc.tm_mon < 2);
  long days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + utc.tm_mday - 719469;
  return ((days * 24 + utc.tm_hour) * 60 + utc.tm_min) * 60 + utc.tm_sec;
}

/* On a busy host the message may have been under way for seconds. The machine's own
 * clock, which tells no less than seconds, shows that. */
static void set_clock(const char *epoch, int rtc) {
  char *fraction;
  struct timespec now = {.tv_sec = strtoll(epoch, &fraction, 10)};
  long unit = 100000000;
  if (*fraction == '.')
    for (fraction++; *fraction >= '0' && *fraction <= '9'; fraction++, unit /= 10)
      now.tv_nsec += (*fraction - '0') * unit;
  time_t seconds = read_clock(rtc);
  if (seconds > now.tv_sec)
    now = (struct timespec){.tv_sec = seconds, .tv_nsec = HALF_A_SECOND};
  clock_settime(CLOCK_REALTIME, &now);
}

/* Without this, all guests of one template draw the same numbers. */
static void credit(int urandom, const char *seed) {
  struct {
    struct rand_pool_info info;
    char bytes[1024];
  } pool = {.info = {.entropy_count = BITS_OF_SEED}};
  size_t length = strnlen(seed, sizeof pool.bytes);
  pool.info.buf_size = length;
  memcpy(pool.info.buf, seed, length);
  if (ioctl(urandom, RNDADDENTROPY, &pool) != 0 || ioctl(urandom, RNDRESEEDCRNG) != 0)
    err(1, "no entropy can be credited");
}

/* DOMAIN and OTHERS may be NULL. */
static void take_hostname(const char *line, const char *domain, const char *others, struct blank *hostname,
                          struct blank *hosts) {
  char text[512];
  int length = strcspn(line, "\n");
  if (sethostname(line, length) != 0)
    err(1, "the host's name is \"%.*s\"", length, line);
  fill(hostname, line);
  add(hosts, "127.0.0.1 localhost\n127.0.1.1 ");
  if (domain) {
    snprintf(text, sizeof text, "%.*s.%.*s ", length, line, (int)strcspn(domain, "\n"), domain);
    add(hosts, text);
  }
  snprintf(text, sizeof text, "%.*s\n::1 localhost ip6-localhost\n", length, line);
  add(hosts, text);
  if (others)
    add(hosts, others);
}

/* The interface that is a device, as "provision" chooses it. */
static struct ifreq find_interface(void) {
  static const char interfaces[] = "/sys/class/net";
  struct ifreq interface = {0};
  DIR *folder = opendir(interfaces);
  struct dirent *entry;
  while (folder && (entry = readdir(folder))) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s/device", interfaces, entry->d_name);
    if (entry->d_name[0] != '.' && access(path, F_OK) == 0)
      snprintf(interface.ifr_name, sizeof interface.ifr_name, "%.15s", entry->d_name);
  }
  if (folder)
    closedir(folder);
  return interface;
}

/* Lines of "search" and "options" are the resolver's; "mtu N", the last, is the interface's. */
static void take_network(const char *lines, int port, struct ifreq *interface) {
  const char *after = strstr(lines, "\nmtu "), *mtu = after ? after + 1 : strncmp(lines, "mtu ", 4) == 0 ? lines : NULL;
  size_t resolver = mtu ? (size_t)(mtu - lines) : strlen(lines);
  if (resolver > 0) {
    int fd = open(RESOLVER, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (fd < 0 || write(fd, lines, resolver) != (ssize_t)resolver)
      err(1, RESOLVER);
    close(fd);
  }
  if (mtu) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    interface->ifr_mtu = atoi(mtu + strlen("mtu "));
    if (ioctl(fd, SIOCSIFMTU, interface) != 0)
      dprintf(port, "lacks mtu\n");
    close(fd);
  }
}

static void take_timezone(const char *line, int port) {
  char path[512];
  snprintf(path, sizeof path, ZONES "%.*s", (int)strcspn(line, "\n"), line);
  struct stat zone;
  if (stat(path, &zone) != 0 || !S_ISREG(zone.st_mode)) {
    dprintf(port, "lacks timezone\n");
    return;
  }
  unlink("/etc/localtime");
  if (symlink(path, "/etc/localtime") != 0)
    err(1, "/etc/localtime");
  put("/etc/timezone", line, strlen(line), 0644);
}

/* What few callers give is for another program. */
static void keep_for_provision(const char *name, const char *content) {
  char path[512];
  mkdir(IDENTITY, 0700);
  snprintf(path, sizeof path, IDENTITY "/%s", name);
  put(path, content, strlen(content), 0600);
}

static void provision(void) {
  pid_t child = fork();
  int status;
  if (child == 0) {
    execl(PROVISION, PROVISION, "-", NULL);
    err(1, PROVISION);
  }
  if (waitpid(child, &status, 0) != child || status != 0)
    errx(1, PROVISION " fails");
}

static void give_host_key(int pipe, const char *key, size_t length) {
  if (write(pipe, key, length) != (ssize_t)length)
    err(1, "sshd does not take its host key");
  close(pipe);
}

/* The one that PROVISION made, since the caller gave none. */
static void give_host_key_made_here(int pipe) {
  int fd = open(HOST_KEY, O_RDONLY | O_CLOEXEC);
  char key[4096]; /* the message is still in use */
  ssize_t length = fd < 0 ? -1 : read(fd, key, sizeof key);
  if (length <= 0)
    err(1, HOST_KEY);
  close(fd);
  give_host_key(pipe, key, length);
}

static void go_on(char **bystanders) {
  sleep(BYSTANDERS_DELAY);
  put(INIT_FREEZE, "0", 1, 0644);
  for (; *bystanders; bystanders++)
    kill(atoi(*bystanders), SIGCONT);
}

static struct blank blank_authorized_keys(const char *home, uid_t uid, gid_t gid) {
  char path[512];
  snprintf(path, sizeof path, "%s/.ssh", home);
  mkdir(path, 0700);
  if (chown(path, uid, gid) != 0)
    err(1, "%s", path);
  snprintf(path, sizeof path, "%s/.ssh/authorized_keys", home);
  struct blank keys = blank(path, 4096, 0600);
  if (fchown(keys.fd, uid, gid) != 0)
    err(1, "%s", path);
  return keys;
}

int main(int count, char **arguments) {
  if (count < 5)
    errx(64, "become-own HOME UID GID HOST_KEY_PIPE BYSTANDER…");
  int host_key_pipe = atoi(arguments[4]);
  char **bystanders = arguments + 5;
  struct blank machine_id = blank("/etc/machine-id", 33, 0644);
  struct blank boot_id = blank(OWN_BOOT_ID, 37, 0644);
  struct blank hostname = blank("/etc/hostname", 64, 0644);
  struct blank hosts = blank("/etc/hosts", 256, 0644);
  struct blank host_key = blank(HOST_KEY, 512, 0600);
  struct blank authorized_keys = blank_authorized_keys(arguments[1], atoi(arguments[2]), atoi(arguments[3]));
  int urandom = open("/dev/urandom", O_WRONLY | O_CLOEXEC);
  int rtc = open("/dev/rtc0", O_RDONLY | O_CLOEXEC);
  int port = open_port();
  struct ifreq interface = find_interface();
  /* The kernel keeps its boot id for life; programs read this file in its place. */
  if (mount(OWN_BOOT_ID, BOOT_ID, NULL, MS_BIND, NULL) != 0)
    err(1, BOOT_ID);
  mlockall(MCL_CURRENT);
  if (write(port, "waiting\n", 8) != 8)
    err(1, "the host does not listen");

  char *end, *field = receive(port, &end);
  set_clock(field, rtc);
  field = next(field);
  credit(urandom, field);
  bool others = false;
  const char *own_name = NULL, *domain = NULL, *other_hosts = NULL, *network = NULL;
  for (field = next(field); field < end;) {
    const char *name = field, *content = next(field);
    field = next(next(field));
    if (strcmp(name, "machine-id") == 0) {
      fill(&machine_id, content);
    } else if (strcmp(name, "boot-id") == 0) {
      fill(&boot_id, content);
    } else if (strcmp(name, "hostname") == 0) {
      own_name = content;
    } else if (strcmp(name, "domain") == 0) {
      domain = content;
    } else if (strcmp(name, "hosts") == 0) {
      other_hosts = content;
    } else if (strcmp(name, "network") == 0) {
      network = content;
      take_network(network, port, &interface);
    } else if (strcmp(name, "timezone") == 0) {
      take_timezone(content, port);
    } else if (strcmp(name, "authorized_keys") == 0) {
      fill(&authorized_keys, content);
    } else if (strcmp(name, "ssh_host_ed25519_key") == 0) {
      fill(&host_key, content);
    } else {
      keep_for_provision(name, content);
      others = true;
    }
  }
  if (own_name)
    take_hostname(own_name, domain, other_hosts, &hostname, &hosts);
  if (others || host_key.length == 0) {
    if (host_key.length == 0)
      unlink(HOST_KEY);
    close(port); /* one process at a time may have it */
    provision();
  } else {
    struct timespec up;
    clock_gettime(CLOCK_BOOTTIME, &up);
    dprintf(port, "provisioned %lld.%02ld\n", (long long)up.tv_sec, up.tv_nsec / 10000000);
  }
  if (host_key.length == 0)
    give_host_key_made_here(host_key_pipe);
  else
    give_host_key(host_key_pipe, host_key.text, host_key.length);

  go_on(bystanders);
  if (network)
    append(KEPT_NETWORK, network);
  cut(&machine_id);
  cut(&boot_id);
  cut(&hostname);
  cut(&hosts);
  cut(&authorized_keys);
  if (host_key.length != 0)
    cut(&host_key);
  /* The journal starts anew, under the guest's own ids. */
  execlp("systemctl", "systemctl", "try-restart", "systemd-journald", NULL);
  err(1, "systemctl");
}
