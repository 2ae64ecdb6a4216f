// A clock that runs FASTCLOCK times as fast, for whatever program this is preloaded into: what reads the time sees it
// run, and what waits for some seconds waits for fewer. With FASTCLOCK_HOSTS=FILE the name api.fast.test is the address
// in that file.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

// When the clock began to run, the same for all programs that see the same FASTCLOCK_START (CLOCK_MONOTONIC, ns).
static long long start_mono, start_real, start_boot;
static double pace;

static long long now_of(clockid_t id) {
  struct timespec time;
  syscall(SYS_clock_gettime, id, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

__attribute__((constructor)) static void begin(void) {
  const char *text = getenv("FASTCLOCK"), *start = getenv("FASTCLOCK_START");
  pace = text ? atof(text) : 1;
  if (pace < 1) pace = 1;
  long long mono = now_of(CLOCK_MONOTONIC);
  start_mono = start ? atoll(start) : mono;
  start_real = now_of(CLOCK_REALTIME) - (mono - start_mono);
  start_boot = now_of(CLOCK_BOOTTIME) - (mono - start_mono);
}

static long long fast(clockid_t id) {
  long long passed = (long long)((now_of(CLOCK_MONOTONIC) - start_mono) * pace);
  switch (id) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE: return start_real + passed;
    case CLOCK_BOOTTIME: return start_boot + passed;
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE: return start_mono + passed;
    default: return now_of(id);
  }
}

int clock_gettime(clockid_t id, struct timespec *time) {
  long long value = pace ? fast(id) : now_of(id);
  time->tv_sec = value / 1000000000LL;
  time->tv_nsec = value % 1000000000LL;
  return 0;
}
int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  (void)zone;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}
time_t time(time_t *out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}

// At least a tenth of a millisecond, so that a loop that waits for a time to come does not spin.
static void shorten(double seconds, struct timespec *out) {
  double real = seconds / pace;
  if (real > 0 && real < 1e-4) real = 1e-4;
  out->tv_sec = (time_t)real;
  out->tv_nsec = (long)((real - (double)out->tv_sec) * 1e9);
}
int poll(struct pollfd *files, nfds_t count, int milliseconds) {
  struct timespec wait;
  if (milliseconds > 0) shorten(milliseconds / 1e3, &wait);
  if (milliseconds == 0) wait = (struct timespec){0, 0};
  return ppoll(files, count, milliseconds < 0 ? NULL : &wait, NULL);
}
int epoll_wait(int poll, struct epoll_event *events, int most, int milliseconds) {
  if (milliseconds > 0) milliseconds = milliseconds < 2 * pace ? 1 : (int)(milliseconds / pace);
  return (int)syscall(SYS_epoll_pwait, poll, events, most, milliseconds, NULL, 8);
}
int usleep(useconds_t microseconds) {
  struct timespec wait;
  shorten(microseconds / 1e6, &wait);
  return (int)syscall(SYS_nanosleep, &wait, NULL);
}
int nanosleep(const struct timespec *asked, struct timespec *left) {
  struct timespec wait;
  shorten(asked->tv_sec + asked->tv_nsec / 1e9, &wait);
  return (int)syscall(SYS_nanosleep, &wait, left);
}

int getaddrinfo(const char *restrict name, const char *restrict service, const struct addrinfo *restrict hints,
                struct addrinfo **restrict result) {
  static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
  const char *path = getenv("FASTCLOCK_HOSTS");
  if (!name || !path || strcmp(name, "api.fast.test") != 0) return real(name, service, hints, result);
  char address[64] = "";
  FILE *file = fopen(path, "r");
  if (file) {
    if (!fgets(address, sizeof address, file)) address[0] = 0;
    fclose(file);
  }
  address[strcspn(address, "\n")] = 0;
  return real(address, service, hints, result);
}
