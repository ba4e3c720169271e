// libcurl's option calls are variadic, which Swift cannot call: each kind of argument gets a typed face.
#pragma once
#include <curl/curl.h>

typedef size_t (*greenroom_curl_receiver)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode greenroom_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

// For options that take a curl_off_t: sizes.
static inline CURLcode greenroom_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

// libcurl copies the string.
static inline CURLcode greenroom_curl_set_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

// Contexts of callbacks: libcurl keeps the pointer.
static inline CURLcode greenroom_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}

// libcurl keeps the list; it must outlive the transfer.
static inline CURLcode greenroom_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}

// CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION.
static inline CURLcode greenroom_curl_set_receiver(CURL *handle, CURLoption option, greenroom_curl_receiver value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode greenroom_curl_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode greenroom_curl_multi_set_long(CURLM *handle, CURLMoption option, long value) {
  return curl_multi_setopt(handle, option, value);
}

// The result stands in a union of the message, whose other members Swift need not see.
static inline CURLcode greenroom_curl_message_result(const CURLMsg *message) {
  return message->data.result;
}

typedef int (*greenroom_curl_watcher)(CURL *handle, curl_socket_t socket, int what, void *context, void *own);
typedef int (*greenroom_curl_timekeeper)(CURLM *multi, long milliseconds, void *context);

// CURLMOPT_SOCKETFUNCTION and CURLMOPT_TIMERFUNCTION, both with the same context, which libcurl keeps.
static inline CURLMcode greenroom_curl_multi_set_callbacks(
    CURLM *handle, greenroom_curl_watcher watcher, greenroom_curl_timekeeper timekeeper, void *context) {
  CURLMcode code = curl_multi_setopt(handle, CURLMOPT_SOCKETFUNCTION, watcher);
  if (code == CURLM_OK) code = curl_multi_setopt(handle, CURLMOPT_SOCKETDATA, context);
  if (code == CURLM_OK) code = curl_multi_setopt(handle, CURLMOPT_TIMERFUNCTION, timekeeper);
  if (code == CURLM_OK) code = curl_multi_setopt(handle, CURLMOPT_TIMERDATA, context);
  return code;
}
