// An HTTP/1.1 server for measuring clients: keep-alive, pipelined, one thread, no more work than a client sees.
//
//   server [--limit N --window MS]     prints its port, serves until its stdin ends
//
// GET /hold… is never answered; GET /stats tells how many were answered, refused with 429, and are held.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { space = 1 << 16, most = 20000 };
typedef struct {
  char *in;
  size_t have;
} Connection;
static Connection connections[most];

static long limit, window_ms = 10000, used, window_number, answered, refused, held;
static const char record[] =
    "{\"type\":\"contact\",\"id\":\"6b081b9fe30d11cad10007d0\",\"role\":\"user\",\"email\":\"ada@example.com\","
    "\"name\":\"Ada\",\"created_at\":1795693471,\"updated_at\":1795693471,\"custom_attributes\":{\"plan\":\"pro\"}}";

static void answer(int fd, const char *method, const char *path) {
  char out[1024], date[64];
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  struct tm parts;
  gmtime_r(&now.tv_sec, &parts);
  strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  int status = 200;
  char rate[160] = "";
  const char *body = record;
  char text[128];
  if (strncmp(path, "/stats", 6) == 0) {
    snprintf(text, sizeof text, "{\"answered\":%ld,\"refused\":%ld,\"held\":%ld}", answered, refused, held);
    body = text;
  } else if (strncmp(path, "/hold", 5) == 0) {
    held++;
    return;
  } else {
    double ms = now.tv_sec * 1e3 + now.tv_nsec / 1e6;
    long number = (long)(ms / window_ms);
    if (number != window_number) window_number = number, used = 0;
    if (limit && used >= limit) {
      status = 429, refused++, body = "{\"errors\":[{\"code\":\"rate_limit_exceeded\"}]}";
    } else {
      used++, answered++;
    }
    snprintf(rate, sizeof rate, "X-RateLimit-Limit: %ld\r\nX-RateLimit-Remaining: %ld\r\nX-RateLimit-Reset: %.3f\r\n",
             limit ? limit : 1000000000, limit ? limit - used : 999999999, (number + 1) * (window_ms / 1e3));
  }
  (void)method;
  int count = snprintf(out, sizeof out,
                       "HTTP/1.1 %d OK\r\nDate: %s\r\nContent-Type: application/json; charset=utf-8\r\n"
                       "X-Request-Id: 0019c4t1derm7namdon0\r\nIntercom-Version: 2.12\r\n%sContent-Length: %zu\r\n\r\n%s",
                       status, date, rate, strlen(body), body);
  if (send(fd, out, count, MSG_NOSIGNAL) < 0) return;
}

// True when the connection is over.
static int serve(int fd) {
  Connection *connection = &connections[fd];
  if (!connection->in) connection->in = malloc(space);
  ssize_t count = recv(fd, connection->in + connection->have, space - 1 - connection->have, 0);
  if (count == 0 || (count < 0 && errno != EAGAIN)) return 1;
  if (count > 0) connection->have += count;
  for (;;) {
    connection->in[connection->have] = 0;
    char *end = strstr(connection->in, "\r\n\r\n");
    if (!end) return connection->have >= space - 1;
    size_t length = end + 4 - connection->in;
    char *header = strcasestr(connection->in, "\r\ncontent-length:");
    if (header && header < end) length += strtoul(header + 17, NULL, 10);
    if (length > connection->have) return length >= space - 1;
    char method[8] = "", path[256] = "";
    sscanf(connection->in, "%7s %255s", method, path);
    answer(fd, method, path);
    memmove(connection->in, connection->in + length, connection->have - length);
    connection->have -= length;
  }
}

int main(int count, char **words) {
  for (int index = 1; index + 1 < count; index += 2) {
    if (!strcmp(words[index], "--limit")) limit = atol(words[index + 1]);
    if (!strcmp(words[index], "--window")) window_ms = atol(words[index + 1]);
  }
  struct rlimit files = {most, most};
  setrlimit(RLIMIT_NOFILE, &files);
  int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 4096) ||
      getsockname(listener, (struct sockaddr *)&address, &size))
    return perror("server"), 1;
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  int poll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[256];
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  event.data.fd = 0;
  epoll_ctl(poll, EPOLL_CTL_ADD, 0, &event);
  for (;;) {
    int ready = epoll_wait(poll, events, 256, -1);
    for (int index = 0; index < ready; index++) {
      int fd = events[index].data.fd;
      if (fd == 0) return 0;
      if (fd == listener) {
        int made = accept(listener, NULL, NULL);
        if (made < 0 || made >= most) {
          if (made >= 0) close(made);
          continue;
        }
        setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        connections[made].have = 0;
        event.data.fd = made;
        epoll_ctl(poll, EPOLL_CTL_ADD, made, &event);
      } else if (serve(fd)) {
        close(fd);
      }
    }
  }
}
