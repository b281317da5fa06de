/* What the generated misuse test is made of. */
#ifndef MUSCLEMAP_TESTS_CAPI_MISUSE_H_
#define MUSCLEMAP_TESTS_CAPI_MISUSE_H_

#include <math.h>
#include <string.h>

#include "musclemap.h"

typedef struct misuse_test {
  const char *name;
  void (*run)(void);
} misuse_test;

extern const misuse_test misuse_tests[];
extern const int misuse_test_count;
extern int callback_data;

/* Notes what is being tried, for the parent process; 0: not to be tried. */
int begin_case(const char *what);
void skip_case(void);

/* Any status of the list. */
void expect_any(mm_status status, const char *parameter);
/* MM_E_ARGUMENT with a message that begins with the parameter's name. */
void expect_argument(mm_status status, const char *parameter);
void expect_same(const void *now, const void *before, size_t bytes);
void expect_filled(const void *now, size_t bytes);

/* A handle that works; NULL where there can be none, such as a segmenter without an engine. */
void *lawful_handle(const char *type, const char *parameter);
void lawful_struct(const char *type, void *zeroed);
const char *lawful_text(const char *parameter);
double lawful_number(const char *parameter);
void lawful_mm_release_fn(void *user_data);
int32_t lawful_mm_write_fn(const char *bytes, size_t count, void *user_data);

#endif /* MUSCLEMAP_TESTS_CAPI_MISUSE_H_ */
