/* SPDX-License-Identifier: Apache-2.0
   libcurl's option calls are variadic, which Swift cannot call: one typed wrapper for each kind of value.
   The parentheses keep curl's type-checking macros out of the way. */
#include <curl/curl.h>

typedef size_t (*lg_data_function)(char *data, size_t size, size_t count, void *user);
typedef int (*lg_prereq_function)(void *user, char *remote, char *local, int remote_port, int local_port);

static inline CURLcode lg_set_long(CURL *h, CURLoption o, long v) { return (curl_easy_setopt)(h, o, v); }
static inline CURLcode lg_set_offset(CURL *h, CURLoption o, curl_off_t v) { return (curl_easy_setopt)(h, o, v); }
static inline CURLcode lg_set_text(CURL *h, CURLoption o, const char *v) { return (curl_easy_setopt)(h, o, v); }
static inline CURLcode lg_set_pointer(CURL *h, CURLoption o, void *v) { return (curl_easy_setopt)(h, o, v); }
static inline CURLcode lg_set_data_function(CURL *h, CURLoption o, lg_data_function v) {
    return (curl_easy_setopt)(h, o, v);
}
static inline CURLcode lg_set_prereq_function(CURL *h, lg_prereq_function v) {
    return (curl_easy_setopt)(h, CURLOPT_PREREQFUNCTION, v);
}
static inline CURLcode lg_set_open_socket(CURL *h, curl_opensocket_callback v) {
    return (curl_easy_setopt)(h, CURLOPT_OPENSOCKETFUNCTION, v);
}
static inline CURLcode lg_get_long(CURL *h, CURLINFO i, long *v) { return (curl_easy_getinfo)(h, i, v); }
static inline CURLcode lg_get_offset(CURL *h, CURLINFO i, curl_off_t *v) { return (curl_easy_getinfo)(h, i, v); }
static inline CURLcode lg_get_certificates(CURL *h, struct curl_certinfo **v) {
    return (curl_easy_getinfo)(h, CURLINFO_CERTINFO, v);
}
static inline CURLMcode lg_multi_set_long(CURLM *m, CURLMoption o, long v) { return (curl_multi_setopt)(m, o, v); }
static inline CURLcode lg_message_result(const CURLMsg *m) { return m->data.result; }
