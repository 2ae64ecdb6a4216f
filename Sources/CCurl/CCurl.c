// For memmem.
#define _GNU_SOURCE
#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#if defined(__APPLE__)
static const char *const library_name = "libcurl.4.dylib";
#else
static const char *const library_name = "libcurl.so.4";
#endif

// CURLOPT_PREREQFUNCTION, which guards against silent resending, came with 7.80.0.
enum { oldest_version = 0x075000 };

#define FUNCTIONS(X)          \
  X(curl_global_init)         \
  X(curl_version_info)        \
  X(curl_easy_init)           \
  X(curl_easy_cleanup)        \
  X(curl_easy_setopt)         \
  X(curl_easy_getinfo)        \
  X(curl_easy_strerror)       \
  X(curl_slist_append)        \
  X(curl_slist_free_all)      \
  X(curl_multi_init)          \
  X(curl_multi_cleanup)       \
  X(curl_multi_setopt)        \
  X(curl_multi_add_handle)    \
  X(curl_multi_remove_handle) \
  X(curl_multi_perform)       \
  X(curl_multi_poll)          \
  X(curl_multi_info_read)

// curl.h wraps some functions in type-checking macros; the table needs their plain names.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#define MEMBER(name) __typeof__(&name) name##_;
static struct { FUNCTIONS(MEMBER) } lib;

static char failure[512];
static const char *failed;
static curl_version_info_data *version;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  void *handle = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    const char *why = dlerror();
    snprintf(failure, sizeof failure, "%s", why ? why : library_name);
    failed = failure;
    return;
  }
#define FIND(name)                                                              \
  *(void **)&lib.name##_ = dlsym(handle, #name);                                \
  if (!lib.name##_) {                                                           \
    snprintf(failure, sizeof failure, "%s lacks %s", library_name, #name);      \
    failed = failure;                                                           \
    return;                                                                     \
  }
  FUNCTIONS(FIND)
  version = lib.curl_version_info_(CURLVERSION_NOW);
  if (!version || version->version_num < oldest_version) {
    snprintf(failure, sizeof failure, "%s is version %s; 7.80.0 or later is needed", library_name,
             version ? version->version : "unknown");
    failed = failure;
    return;
  }
  if (lib.curl_global_init_(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    snprintf(failure, sizeof failure, "%s does not initialise", library_name);
    failed = failure;
  }
}

const char *ccurl_load(void) {
  pthread_once(&once, load);
  return failed;
}

unsigned int ccurl_version_number(void) { return version ? version->version_num : 0; }
const char *ccurl_version_text(void) { return version ? version->version : ""; }

CURL *ccurl_easy_init(void) { return lib.curl_easy_init_(); }
void ccurl_easy_cleanup(CURL *easy) { lib.curl_easy_cleanup_(easy); }

CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) {
  return lib.curl_easy_setopt_(easy, option, value);
}
CURLcode ccurl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
  return lib.curl_easy_setopt_(easy, option, value);
}
CURLcode ccurl_set_text(CURL *easy, CURLoption option, const char *value) {
  return lib.curl_easy_setopt_(easy, option, value);
}
CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value) {
  return lib.curl_easy_setopt_(easy, option, value);
}
CURLcode ccurl_set_data_callback(CURL *easy, CURLoption option,
                                 size_t (*callback)(char *, size_t, size_t, void *)) {
  return lib.curl_easy_setopt_(easy, option, callback);
}
static size_t take_header(char *line, size_t size, size_t count, void *context) {
  struct ccurl_head *head = context;
  size_t more = size * count;
  if (more >= 5 && memcmp(line, "HTTP/", 5) == 0) {
    head->count = 0;
    return more;
  }
  if (more > head->limit - head->count) {
    head->is_flooded = 1;
    return 0;
  }
  if (more > head->room - head->count) {
    size_t room = (head->count + more) * 2;
    char *lines = realloc(head->lines, room);
    if (!lines) return 0;
    head->lines = lines;
    head->room = room;
  }
  memcpy(head->lines + head->count, line, more);
  head->count += more;
  return more;
}
void ccurl_set_head(CURL *easy, struct ccurl_head *head) {
  lib.curl_easy_setopt_(easy, CURLOPT_HEADERFUNCTION, take_header);
  lib.curl_easy_setopt_(easy, CURLOPT_HEADERDATA, head);
}
CURLcode ccurl_set_prereq_callback(CURL *easy, int (*callback)(void *, char *, char *, int, int)) {
  return lib.curl_easy_setopt_(easy, CURLOPT_PREREQFUNCTION, callback);
}

long ccurl_get_long(CURL *easy, CURLINFO info) {
  long value = 0;
  lib.curl_easy_getinfo_(easy, info, &value);
  return value;
}
curl_off_t ccurl_get_size(CURL *easy, CURLINFO info) {
  curl_off_t value = 0;
  lib.curl_easy_getinfo_(easy, info, &value);
  return value;
}
void *ccurl_get_private(CURL *easy) {
  char *value = NULL;
  lib.curl_easy_getinfo_(easy, CURLINFO_PRIVATE, &value);
  return value;
}
const char *ccurl_error_text(CURLcode code) { return lib.curl_easy_strerror_(code); }

struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *text) {
  return lib.curl_slist_append_(list, text);
}
void ccurl_list_free(struct curl_slist *list) { lib.curl_slist_free_all_(list); }

CURLM *ccurl_multi_init(void) { return lib.curl_multi_init_(); }
void ccurl_multi_cleanup(CURLM *multi) { lib.curl_multi_cleanup_(multi); }
CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return lib.curl_multi_setopt_(multi, option, value);
}
CURLMcode ccurl_multi_add(CURLM *multi, CURL *easy) { return lib.curl_multi_add_handle_(multi, easy); }
CURLMcode ccurl_multi_remove(CURLM *multi, CURL *easy) { return lib.curl_multi_remove_handle_(multi, easy); }
CURLMcode ccurl_multi_perform(CURLM *multi, int *running) { return lib.curl_multi_perform_(multi, running); }

int ccurl_multi_poll(CURLM *multi, int wake_fd, int timeout_ms) {
  struct curl_waitfd extra = {.fd = wake_fd, .events = CURL_WAIT_POLLIN};
  lib.curl_multi_poll_(multi, &extra, wake_fd >= 0 ? 1 : 0, timeout_ms, NULL);
  return extra.revents != 0;
}

CURL *ccurl_multi_next_done(CURLM *multi, CURLcode *result) {
  int left = 0;
  CURLMsg *message;
  while ((message = lib.curl_multi_info_read_(multi, &left))) {
    if (message->msg != CURLMSG_DONE) continue;
    *result = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}

const void *ccurl_find(const void *bytes, size_t count, const void *wanted, size_t wanted_count) {
  return memmem(bytes, count, wanted, wanted_count);
}

static int is_blank(char byte) { return byte == ' ' || byte == '\t' || byte == '\r'; }

int ccurl_header(const void *lines, size_t count, const char *name, size_t name_count, struct ccurl_span *value) {
  const char *line = lines, *last = line + count;
  while (line < last) {
    const char *end = memchr(line, '\n', last - line);
    if (!end) end = last;
    if ((size_t)(end - line) > name_count && line[name_count] == ':' && strncasecmp(line, name, name_count) == 0) {
      const char *start = line + name_count + 1;
      while (start < end && is_blank(*start)) start++;
      while (end > start && is_blank(end[-1])) end--;
      *value = (struct ccurl_span){start, end - start};
      return 1;
    }
    line = end + 1;
  }
  return 0;
}
