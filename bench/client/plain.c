// A plain libcurl multi loop: what the client is measured beside. The same requests, the answers kept in memory.
//
//   plain URL REQUESTS AT-ONCE     prints user and system CPU seconds
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

typedef struct {
  char *bytes;
  size_t count, room;
} Body;

static size_t receive(char *bytes, size_t size, size_t count, void *context) {
  Body *body = context;
  size_t more = size * count;
  if (body->count + more > body->room) {
    body->room = (body->count + more) * 2;
    body->bytes = realloc(body->bytes, body->room);
  }
  memcpy(body->bytes + body->count, bytes, more);
  body->count += more;
  return more;
}

int main(int count, char **words) {
  if (count != 4) return 2;
  long requests = atol(words[2]), at_once = atol(words[3]), begun = 0, done = 0, good = 0;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  CURLM *multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, at_once < 8 ? 8 : at_once);
  struct curl_slist *headers = NULL;
  headers = curl_slist_append(headers, "Authorization: Bearer dG9rOm1lYXN1cmVk");
  headers = curl_slist_append(headers, "Accept: application/json");
  headers = curl_slist_append(headers, "Intercom-Version: 2.12");
  headers = curl_slist_append(headers, "User-Agent: plain");
  for (long index = 0; index < at_once && begun < requests; index++, begun++) {
    CURL *easy = curl_easy_init();
    Body *body = calloc(1, sizeof *body);
    curl_easy_setopt(easy, CURLOPT_URL, words[1]);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, body);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, body);
    curl_multi_add_handle(multi, easy);
  }
  while (done < requests) {
    int running, left, ended = 0;
    curl_multi_perform(multi, &running);
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left))) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL *easy = message->easy_handle;
      CURLcode code = message->data.result;
      long status = 0;
      Body *body = NULL;
      curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&body);
      if (code == CURLE_OK && status == 200 && body->count > 0) good++;
      done++, ended++;
      body->count = 0;
      curl_multi_remove_handle(multi, easy);
      if (begun < requests) begun++, curl_multi_add_handle(multi, easy);
    }
    // What was begun just now has to be sent before anything is waited for.
    if (!ended) curl_multi_poll(multi, NULL, 0, 1000, NULL);
  }
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("{\"cpu\": %.6f, \"good\": %ld}\n",
         usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6, good);
  return good != requests;
}
