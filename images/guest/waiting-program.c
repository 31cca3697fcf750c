/* Keeps a program that waits in a memory template, and joins it to who comes first.
 *
 *   waiting-program keep SOCKET PROGRAM ARGUMENT…
 *   waiting-program join SOCKET
 *
 * "keep" starts PROGRAM with pipes for its input, output and errors. When it has written
 * something, it is as far as it comes alone: SOCKET is there from then on. Who connects
 * gets the three pipes and, when PROGRAM has ended, its exit status; there is only one
 * of each, so SOCKET is gone then.
 *
 * "join" connects, and passes every byte on: its own input to PROGRAM, what PROGRAM
 * writes to its own output and errors, and PROGRAM's exit status as its own. Its end is
 * the end of PROGRAM's input. Status 117: there is no program that waits, and not a byte
 * was read or written.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOBODY_WAITS = 117, PIPES = 3 };

/* Its control message, aligned as the kernel wants it. */
union control {
  char bytes[CMSG_SPACE(PIPES * sizeof(int))];
  struct cmsghdr align;
};

struct flow {
  int from;
  int to;
};

static struct sockaddr_un address_of(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path)
    errx(64, "%s is too long for a socket", path);
  strcpy(address.sun_path, path);
  return address;
}

static void message_of(struct msghdr *message, struct iovec *word, union control *control) {
  *message = (struct msghdr){
      .msg_iov = word, .msg_iovlen = 1, .msg_control = control->bytes, .msg_controllen = sizeof control->bytes};
}

/* Descriptor N of a program is its number in "theirs". */
static pid_t start(char **program, int *ours) {
  int theirs[PIPES];
  for (int i = 0; i < PIPES; i++) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
      err(1, "pipe");
    theirs[i] = ends[i == 0 ? 0 : 1];
    ours[i] = ends[i == 0 ? 1 : 0];
  }
  pid_t child = fork();
  if (child < 0)
    err(1, "fork");
  if (child == 0) {
    for (int i = 0; i < PIPES; i++)
      dup2(theirs[i], i);
    execvp(program[0], program);
    err(127, "%s", program[0]);
  }
  for (int i = 0; i < PIPES; i++)
    close(theirs[i]);
  return child;
}

/* What it says on its errors meanwhile stays there for who joins. */
static void await_word(int output, int errors) {
  struct pollfd ready = {.fd = output, .events = POLLIN};
  while (poll(&ready, 1, -1) < 0)
    if (errno != EINTR)
      err(1, "poll");
  if (!(ready.revents & POLLIN)) {
    char said[256];
    ssize_t length = read(errors, said, sizeof said);
    errx(1, "the program ended before it waited: %.*s", (int)(length > 0 ? length : 0), said);
  }
}

static int listen_at(const char *path) {
  struct sockaddr_un address = address_of(path);
  int listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  umask(0177);
  if (listening < 0 || bind(listening, (struct sockaddr *)&address, sizeof address) != 0 || listen(listening, 1) != 0)
    err(1, "%s", path);
  return listening;
}

static void hand_over(int connection, int *pipes) {
  char word = 'p';
  struct iovec line = {&word, 1};
  union control control = {0};
  struct msghdr message;
  message_of(&message, &line, &control);
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(PIPES * sizeof(int));
  memcpy(CMSG_DATA(header), pipes, PIPES * sizeof(int));
  if (sendmsg(connection, &message, MSG_NOSIGNAL) != 1)
    err(1, "who joined is gone");
  for (int i = 0; i < PIPES; i++)
    close(pipes[i]);
}

static int status_of(pid_t child) {
  int status;
  while (waitpid(child, &status, 0) != child)
    if (errno != EINTR)
      err(1, "waitpid");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int keep(const char *path, char **program) {
  int pipes[PIPES];
  pid_t child = start(program, pipes);
  await_word(pipes[1], pipes[2]);
  int listening = listen_at(path);
  int connection = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
  if (connection < 0)
    err(1, "%s", path);
  unlink(path);
  close(listening);
  hand_over(connection, pipes);
  unsigned char status = status_of(child);
  send(connection, &status, 1, MSG_NOSIGNAL);
  return 0;
}

static int connect_to(const char *path) {
  struct sockaddr_un address = address_of(path);
  int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connection < 0 || connect(connection, (struct sockaddr *)&address, sizeof address) != 0)
    err(NOBODY_WAITS, "%s", path);
  return connection;
}

static void take_over(int connection, int *pipes) {
  char word;
  struct iovec line = {&word, 1};
  union control control = {0};
  struct msghdr message;
  message_of(&message, &line, &control);
  if (recvmsg(connection, &message, MSG_CMSG_CLOEXEC) != 1)
    errx(NOBODY_WAITS, "the program went to another");
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (!header || header->cmsg_len != CMSG_LEN(PIPES * sizeof(int)))
    errx(NOBODY_WAITS, "no pipes came");
  memcpy(pipes, CMSG_DATA(header), PIPES * sizeof(int));
  struct pollfd output = {.fd = pipes[1], .events = POLLIN};
  if (poll(&output, 1, 0) < 0 || output.revents & POLLHUP)
    errx(NOBODY_WAITS, "the program that waited has ended");
}

static void *flow(void *argument) {
  struct flow *flow = argument;
  char bytes[1 << 16];
  ssize_t length;
  while ((length = read(flow->from, bytes, sizeof bytes)) > 0 || (length < 0 && errno == EINTR)) {
    for (ssize_t done = 0, written; done < length; done += written) {
      written = write(flow->to, bytes + done, length - done);
      if (written < 0 && errno == EINTR)
        written = 0;
      if (written < 0)
        return NULL;
    }
  }
  return NULL;
}

static void *flow_in(void *argument) {
  flow(argument);
  close(((struct flow *)argument)->to);
  return NULL;
}

static int join(const char *path) {
  int pipes[PIPES];
  int connection = connect_to(path);
  take_over(connection, pipes);
  signal(SIGPIPE, SIG_IGN);
  struct flow in = {STDIN_FILENO, pipes[0]}, out = {pipes[1], STDOUT_FILENO}, errors = {pipes[2], STDERR_FILENO};
  pthread_t reader, complainer;
  if (pthread_create(&reader, NULL, flow_in, &in) != 0 || pthread_create(&complainer, NULL, flow, &errors) != 0)
    errx(1, "no thread");
  flow(&out);
  /* Nobody listens any more, or there is nothing to hear. */
  close(pipes[1]);
  pthread_join(complainer, NULL);
  unsigned char status;
  return recv(connection, &status, 1, 0) == 1 ? status : 1;
}

int main(int count, char **arguments) {
  if (count >= 4 && strcmp(arguments[1], "keep") == 0)
    return keep(arguments[2], arguments + 3);
  if (count == 3 && strcmp(arguments[1], "join") == 0)
    return join(arguments[2]);
  fprintf(stderr, "waiting-program keep SOCKET PROGRAM ARGUMENT… | join SOCKET\n");
  return 64;
}
