// libcurl's option calls are variadic, which Swift cannot call: each kind of argument gets a typed face.
#pragma once
#include <curl/curl.h>

static inline CURLcode greenroom_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}
