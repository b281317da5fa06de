// What the guard makes of every kind of exception.
#include "guard.hpp"

#include <new>
#include <stdexcept>
#include <string>

#include "musclemap/error.hpp"
#include "support/catch.hpp"

namespace musclemap {
namespace {

using capi::guarded;

mm_error_info last_error() {
  mm_error_info info{};
  info.struct_size = sizeof info;
  REQUIRE(mm_last_error_info(&info) == MM_OK);
  return info;
}

struct Foreign {};

TEST_CASE("capi: a body that returns gives ok", "[capi]") {
  bool called = false;
  CHECK(guarded([&] { called = true; }) == MM_OK);
  CHECK(called);
}

TEST_CASE("capi: an error keeps code, reason, file and message", "[capi]") {
  const mm_status status =
      guarded([] { throw Error(ErrorCode::format, Reason::truncated, "the voxels end early", "a.nii.gz"); });
  CHECK(status == MM_E_FORMAT);
  const mm_error_info info = last_error();
  CHECK(info.code == MM_E_FORMAT);
  CHECK(info.reason == MM_REASON_TRUNCATED);
  CHECK(std::string(info.file) == "a.nii.gz");
  CHECK(std::string(info.message) == "the voxels end early");
  CHECK(std::string(mm_last_error()) == "a.nii.gz: the voxels end early");
}

TEST_CASE("capi: memory that has run out is a status", "[capi]") {
  CHECK(guarded([] { throw std::bad_alloc(); }) == MM_E_MEMORY);
  CHECK(last_error().reason == MM_REASON_NOMEM);
  CHECK(std::string(last_error().file).empty());
}

TEST_CASE("capi: a standard exception is an internal error with its text", "[capi]") {
  CHECK(guarded([] { throw std::runtime_error("of another library"); }) == MM_E_INTERNAL);
  CHECK(std::string(mm_last_error()) == "of another library");
}

TEST_CASE("capi: an exception of a foreign type is an internal error", "[capi]") {
  CHECK(guarded([] { throw Foreign(); }) == MM_E_INTERNAL);
  CHECK(guarded([] { throw 7; }) == MM_E_INTERNAL);
  CHECK(last_error().reason == MM_REASON_INTERNAL);
  CHECK(std::string(mm_last_error()).find("foreign") != std::string::npos);
}

TEST_CASE("capi: success keeps the last error", "[capi]") {
  guarded([] { throw std::runtime_error("before"); });
  CHECK(guarded([] {}) == MM_OK);
  CHECK(std::string(mm_last_error()) == "before");
}

TEST_CASE("capi: a long message is cut between characters", "[capi]") {
  std::string text;
  while (text.size() < 9000) text += "\xC3\xA9";
  guarded([&] { throw Error(ErrorCode::io, Reason::io, text, std::string(5000, 'f')); });
  const std::string message = last_error().message;
  CHECK(message.size() == 4094);
  CHECK(text.compare(0, message.size(), message) == 0);
  CHECK(std::string(mm_last_error()).size() < 8192);
}

TEST_CASE("capi: codes and reasons have the numbers of the C++ interface", "[capi]") {
  CHECK(MM_E_ARGUMENT == static_cast<int>(ErrorCode::argument));
  CHECK(MM_E_INTERNAL == static_cast<int>(ErrorCode::internal));
  CHECK(MM_REASON_IO == static_cast<int>(Reason::io));
  CHECK(MM_REASON_BUSY == static_cast<int>(Reason::busy));
  CHECK(MM_REASON_INTERNAL == static_cast<int>(Reason::internal));
  for (mm_status code = MM_E_ARGUMENT; code <= MM_E_INTERNAL; ++code)
    CHECK(std::string(mm_status_name(code)) == code_name(static_cast<ErrorCode>(code)));
  CHECK(std::string(mm_status_name(MM_OK)) == "ok");
  CHECK(std::string(mm_status_name(99)) == "unknown");
}

}  // namespace
}  // namespace musclemap
