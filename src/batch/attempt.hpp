// One failed job does not end a batch.
#ifndef MUSCLEMAP_BATCH_ATTEMPT_HPP_
#define MUSCLEMAP_BATCH_ATTEMPT_HPP_

#include <functional>
#include <new>

#include "batch/job.hpp"
#include "musclemap/error.hpp"

namespace musclemap::batch {

/// body(); where it throws, the job's outcome is `failed` or `cancelled` and `told`, which may be empty,
/// hears the error about the job's image.
template <class AnyJob, class Body>
void attempt(AnyJob& job, const std::function<void(const AnyJob&, const Error&)>& told, const Body& body) {
  const auto note = [&](const Error& error) {
    job.outcome = error.code() == ErrorCode::cancelled ? Outcome::cancelled : Outcome::failed;
    if (told) told(job, error.about(job.image));
  };
  try {
    body();
  } catch (const Error& error) {
    note(error);
  } catch (const std::bad_alloc&) {
    note(Error(ErrorCode::memory, "out of memory"));
  }
}

}  // namespace musclemap::batch

#endif  // MUSCLEMAP_BATCH_ATTEMPT_HPP_
