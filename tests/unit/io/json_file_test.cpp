#include "io/files/json_file.hpp"

#include <string>

#include "support/catch.hpp"
#include "support/error_of.hpp"

namespace musclemap::io {
namespace {

using test::contains;
using test::error_of;

std::string parsing(const std::string& text) {
  return error_of([&] { parse_json(text); });
}

TEST_CASE("json: values come back, with or without a byte order mark", "[io]") {
  for (const std::string mark : {"", "\xEF\xBB\xBF"}) {
    const nlohmann::json document =
        parse_json(mark + R"({"a": [1, 2.5, "x", null, true, {}], "b": {"a": -1}})");
    CHECK(document["a"].size() == 6);
    CHECK(document["a"][1] == 2.5);
    CHECK(document["b"]["a"] == -1);
  }
  CHECK(parse_json("3") == 3);
}

TEST_CASE("json: errors name line and column", "[io]") {
  CHECK(contains(parsing("{\n \"a\": NaN}"), "format/bad_json: bad JSON at line 2, column 7"));
  CHECK(contains(parsing("{\"a\":1,\n\"a\":2}"), "line 2, column 3: key 'a' stands twice"));
  CHECK(contains(parsing("[1,]"), "line 1, column 4"));
  CHECK(contains(parsing("[1] x"), "line 1, column 5"));
  CHECK(contains(parsing(""), "line 1, column 1"));
  CHECK(contains(parsing("[\"\xff\"]"), "UTF-8"));
  CHECK(contains(parsing("[1e999]"), "bad_json"));
}

TEST_CASE("json: depth is bounded", "[io]") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(parsing(nested(64)) == "no error");
  CHECK(contains(parsing(nested(65)), "format/bad_json"));
  CHECK(contains(parsing(std::string(1000000, '[')), "format/bad_json"));
  std::string objects;
  for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
  CHECK(contains(parsing(objects), "format/bad_json"));
}

}  // namespace
}  // namespace musclemap::io
