/* Prints how many thousand times a second this host's time stamp counter counts,
 * which is also how a guest counts that QEMU emulates here. Takes some milliseconds.
 * Fails where there is no such counter. */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdio.h>
#include <time.h>

#if defined(__x86_64__)
#include <x86intrin.h>

#define SPAN_NS 3000000
#define TRIES 16

struct moment {
  int64_t ns;
  uint64_t count;
};

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* The clock and the counter at once: of some tries, the one that nobody disturbed. */
static struct moment look(void) {
  struct moment best = {0, 0};
  uint64_t least = UINT64_MAX;
  for (int i = 0; i < TRIES; i++) {
    uint64_t before = __rdtsc();
    int64_t ns = now_ns();
    uint64_t after = __rdtsc();
    if (after - before < least) {
      least = after - before;
      best = (struct moment){ns, before + (after - before) / 2};
    }
  }
  return best;
}

int main(void) {
  struct moment first = look(), last;
  while (now_ns() - first.ns < SPAN_NS)
    ;
  last = look();
  printf("%lld\n", (long long)((last.count - first.count) * 1000000 / (uint64_t)(last.ns - first.ns)));
  return 0;
}
#else
int main(void) {
  return 1;
}
#endif
