#include "task/slabs.hpp"

#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/original_vectors.hpp"

namespace musclemap::task {
namespace {

TaskSpec cut(Slabs slabs) {
  TaskSpec task;
  task.name = "total";
  task.slabs = slabs;
  return task;
}

TEST_CASE("slabs: begins, ends and what is kept, as the original cuts", "[task]") {
  const auto vectors = test::original_vectors("split_ranges");
  if (!vectors) return;
  for (const auto& vector : *vectors) {
    const std::int64_t z = vector.at("z");
    CAPTURE(z);
    const std::vector<Slab> slabs = slabs_of(cut(Slabs::always), {3, 4, z});
    REQUIRE(slabs.size() == vector.at("parts").size());
    for (std::size_t n = 0; n < slabs.size(); ++n) {
      const auto& part = vector.at("parts")[n];
      const auto& kept = vector.at("kept_from_part")[n];
      CHECK(slabs[n].begin == part[0]);
      CHECK(slabs[n].end == part[1]);
      CHECK(slabs[n].keep_begin == part[0].get<std::int64_t>() + kept[0].get<std::int64_t>());
      const std::int64_t dropped = kept[1].is_null() ? 0 : kept[1].get<std::int64_t>();
      CHECK(slabs[n].keep_end == part[1].get<std::int64_t>() + dropped);
    }
  }
}

TEST_CASE("slabs: whatever the length, every slice is kept once, from a slab that has it", "[task]") {
  for (std::int64_t z = 57; z < 400; ++z) {
    CAPTURE(z);
    std::int64_t next = 0;
    for (const Slab& slab : slabs_of(cut(Slabs::always), {1, 1, z})) {
      CHECK(slab.keep_begin == next);
      CHECK(slab.begin >= 0);
      CHECK(slab.begin <= slab.keep_begin);
      CHECK(slab.keep_begin < slab.keep_end);
      CHECK(slab.keep_end <= slab.end);
      CHECK(slab.end <= z);
      next = slab.keep_end;
    }
    CHECK(next == z);
  }
}

TEST_CASE("slabs: when a grid is cut, and when it cannot be", "[task]") {
  const auto count = [](Slabs slabs, const Index3& shape) { return slabs_of(cut(slabs), shape).size(); };
  CHECK(count(Slabs::never, {600, 600, 1000}) == 1);
  CHECK(count(Slabs::when_large, {512, 512, 900}) == 1);
  CHECK(count(Slabs::when_large, {512, 512, 901}) == 3);
  CHECK(count(Slabs::when_large, {2000, 2000, 200}) == 1);
  CHECK(count(Slabs::when_large, {2000, 2000, 201}) == 3);
  CHECK(count(Slabs::always, {1, 1, 57}) == 3);
  const std::string error = test::error_of([&] { count(Slabs::always, {1, 1, 56}); });
  CHECK(test::contains(error, "argument"));
  CHECK(test::contains(error, "56 slices"));
  CHECK(slabs_of(cut(Slabs::never), {1, 1, 5})[0].keep_end == 5);
}

}  // namespace
}  // namespace musclemap::task
