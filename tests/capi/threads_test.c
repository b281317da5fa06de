/* Threads, fork, callbacks that call back. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "phantom.h"

static mm_volume *image;
static mm_volume *labels;

typedef struct second_caller {
  mm_tissue *tissue;
  mm_status recompute;
  mm_status count;
  int32_t reason;
  char message[256];
} second_caller;

static void *call_meanwhile(void *data) {
  second_caller *caller = data;
  int64_t count = 0;
  caller->recompute = mm_tissue_recompute(caller->tissue, NULL);
  caller->reason = last_reason();
  caller->count = mm_tissue_fit_count(caller->tissue, &count);
  snprintf(caller->message, sizeof caller->message, "%s", mm_last_error());
  return NULL;
}

/* Runs on the calling thread, in the middle of its run. */
static int32_t let_another_thread_call(const mm_progress *progress, void *user_data) {
  (void)progress;
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, call_meanwhile, user_data) == 0);
  CHECK(pthread_join(thread, NULL) == 0);
  return 0;
}

static void a_second_thread_is_told_that_the_handle_is_busy(void) {
  second_caller caller = {0};
  CHECK_OK(mm_tissue_classify(image, labels, NULL, NULL, &caller.tissue));
  mm_run_options run = {0};
  run.struct_size = sizeof run;
  run.on_progress = let_another_thread_call;
  run.user_data = &caller;
  CHECK_OK(mm_tissue_recompute(caller.tissue, &run));
  CHECK(caller.recompute == MM_E_ARGUMENT && caller.reason == MM_REASON_BUSY);
  CHECK(caller.count == MM_E_ARGUMENT);
  CHECK(strstr(caller.message, "in use") != NULL);
  CHECK_OK(mm_tissue_recompute(caller.tissue, NULL));
  mm_tissue_free(caller.tissue);
}

static void *look_at_own_error(void *data) {
  *(int *)data = mm_last_error()[0] == '\0' ? 1 : 0;
  return NULL;
}

static void each_thread_has_its_own_last_error(void) {
  int empty = 0;
  pthread_t thread;
  CHECK(mm_volume_copy(NULL, NULL) == MM_E_ARGUMENT);
  CHECK(mm_last_error()[0] != '\0');
  CHECK(pthread_create(&thread, NULL, look_at_own_error, &empty) == 0);
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(empty == 1);
}

static void *cancel_soon(void *token) {
  const struct timespec moment = {0, 20 * 1000 * 1000};
  nanosleep(&moment, NULL);
  mm_cancel_token_cancel(token);
  return NULL;
}

static int32_t wait_for_cancel(const mm_progress *progress, void *token) {
  const struct timespec moment = {0, 1000 * 1000};
  (void)progress;
  while (mm_cancel_token_is_cancelled(token) == 0) nanosleep(&moment, NULL);
  return 0;
}

static void a_token_ends_a_run_from_another_thread(void) {
  mm_cancel_token *token = NULL;
  mm_tissue *tissue = NULL;
  pthread_t thread;
  CHECK_OK(mm_cancel_token_create(&token));
  mm_run_options run = {0};
  run.struct_size = sizeof run;
  run.cancel = token;
  run.on_progress = wait_for_cancel;
  run.user_data = token;
  CHECK(pthread_create(&thread, NULL, cancel_soon, token) == 0);
  CHECK(mm_tissue_classify(image, labels, NULL, &run, &tissue) == MM_E_CANCELLED);
  CHECK(tissue == NULL);
  CHECK(pthread_join(thread, NULL) == 0);
  mm_cancel_token_free(token);
}

static int released;

static void count_release(void *user_data) { ++*(int *)user_data; }

/* Exit status of what a child process finds wrong. */
static int child(mm_volume *of_parent) {
  mm_volume *copy = NULL;
  mm_volume *own = NULL;
  failures = 0;
  CHECK(mm_volume_copy(of_parent, &copy) == MM_E_ARGUMENT);
  CHECK(last_reason() == MM_REASON_FORKED && copy == NULL);
  mm_volume_free(of_parent);
  CHECK(released == 0);
  mm_volume_desc desc = phantom_desc(MM_DTYPE_F32, phantom_image);
  CHECK_OK(mm_volume_wrap(&desc, NULL, NULL, &own));
  CHECK_OK(mm_volume_copy(own, &copy));
  mm_volume_free(copy);
  mm_volume_free(own);
  return failures;
}

static void a_child_may_not_use_handles_of_its_parent(void) {
  mm_volume *volume = NULL;
  mm_volume_desc desc = phantom_desc(MM_DTYPE_F32, phantom_image);
  CHECK_OK(mm_volume_wrap(&desc, count_release, &released, &volume));
  const pid_t process = fork();
  if (process == 0) _exit(child(volume));
  int status = -1;
  CHECK(process > 0 && waitpid(process, &status, 0) == process);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  mm_volume_free(volume);
  CHECK(released == 1);
}

int main(void) {
  make_phantom();
  image = phantom_volume(MM_DTYPE_F32, phantom_image);
  labels = phantom_volume(MM_DTYPE_I16, phantom_labels);
  CHECK(image != NULL && labels != NULL);
  each_thread_has_its_own_last_error();
  a_second_thread_is_told_that_the_handle_is_busy();
  a_token_ends_a_run_from_another_thread();
  a_child_may_not_use_handles_of_its_parent();
  mm_volume_free(image);
  mm_volume_free(labels);
  return failures == 0 ? 0 : 1;
}
