#pragma once
#include <curl/curl.h>

// libcurl is opened at run time: linking it costs 2.5 ms of every start, also of a script that sends nothing.
// Types and constants come from curl.h; every call goes through these functions (Swift cannot call the
// variadic ones, and a direct call would link the library again).

// Opens the library once a process and initialises it; thread-safe. Returns NULL, or why it cannot be used.
const char *ccurl_load(void);
// The library's version as 0xXXYYZZ; 0 before a successful ccurl_load.
unsigned int ccurl_version_number(void);
const char *ccurl_version_text(void);

// Where `wanted` occurs first in `bytes`, or NULL.
const void *ccurl_find(const void *bytes, size_t count, const void *wanted, size_t wanted_count);

// The value of the first line of that name in a block of header lines, without the blanks around it; 0 where there
// is none. Case does not matter.
struct ccurl_span {
  const void *start;
  size_t count;
};
int ccurl_header(const void *lines, size_t count, const char *name, size_t name_count, struct ccurl_span *value);

// What follows may be called only after a successful ccurl_load.

CURL *ccurl_easy_init(void);
void ccurl_easy_cleanup(CURL *easy);
CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value);
CURLcode ccurl_set_size(CURL *easy, CURLoption option, curl_off_t value);
CURLcode ccurl_set_text(CURL *easy, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value);
CURLcode ccurl_set_data_callback(CURL *easy, CURLoption option,
                                 size_t (*callback)(char *, size_t, size_t, void *));
// The header lines of an answer without its status line; those of an interim answer are dropped. A transfer whose
// lines grow beyond the limit is ended.
struct ccurl_head {
  char *lines;
  size_t count, room, limit;
  int is_flooded;
};
// Has the lines of each answer go into `head`, which must outlive the handle's transfers.
void ccurl_set_head(CURL *easy, struct ccurl_head *head);
CURLcode ccurl_set_prereq_callback(CURL *easy, int (*callback)(void *, char *, char *, int, int));
long ccurl_get_long(CURL *easy, CURLINFO info);
// Sizes, and times in microseconds.
curl_off_t ccurl_get_size(CURL *easy, CURLINFO info);
void *ccurl_get_private(CURL *easy);
const char *ccurl_error_text(CURLcode code);

struct curl_slist *ccurl_list_append(struct curl_slist *list, const char *text);
void ccurl_list_free(struct curl_slist *list);

CURLM *ccurl_multi_init(void);
void ccurl_multi_cleanup(CURLM *multi);
CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value);
CURLMcode ccurl_multi_add(CURLM *multi, CURL *easy);
CURLMcode ccurl_multi_remove(CURLM *multi, CURL *easy);
CURLMcode ccurl_multi_perform(CURLM *multi, int *running);
// Waits for the transfers, or for `wake_fd` to become readable: then returns 1, else 0.
int ccurl_multi_poll(CURLM *multi, int wake_fd, int timeout_ms);
// The next finished transfer and its result, or NULL.
CURL *ccurl_multi_next_done(CURLM *multi, CURLcode *result);
