/* Checks for test programs in C: a line per failure, exit status 1 if there was one. */
#ifndef MUSCLEMAP_TESTS_CAPI_CHECK_H_
#define MUSCLEMAP_TESTS_CAPI_CHECK_H_

#include <stdio.h>
#include <string.h>

#include "musclemap.h"

static int failures;

#define CHECK(condition)                                                                      \
  do {                                                                                        \
    if (!(condition)) {                                                                       \
      ++failures;                                                                             \
      fprintf(stderr, "%s:%d: not so: %s (last error: %s)\n", __FILE__, __LINE__, #condition, \
              mm_last_error());                                                               \
    }                                                                                         \
  } while (0)

#define CHECK_OK(call) CHECK((call) == MM_OK)

static inline int32_t last_reason(void) {
  mm_error_info info = {sizeof info, 0, 0, 0, NULL, NULL};
  return mm_last_error_info(&info) == MM_OK ? info.reason : -1;
}

/* A text that grows in a caller's buffer. */
typedef struct text {
  char bytes[65536];
  size_t count;
} text;

static inline int32_t append(const char *bytes, size_t count, void *user_data) {
  text *to = user_data;
  if (count > sizeof to->bytes - 1 - to->count) return 1;
  memcpy(to->bytes + to->count, bytes, count);
  to->count += count;
  to->bytes[to->count] = '\0';
  return 0;
}

#endif /* MUSCLEMAP_TESTS_CAPI_CHECK_H_ */
