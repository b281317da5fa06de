// JSON from files of unknown origin.
#ifndef MUSCLEMAP_IO_FILES_JSON_FILE_HPP_
#define MUSCLEMAP_IO_FILES_JSON_FILE_HPP_

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>

namespace musclemap::io {

/// RFC 8259, UTF-8 with or without byte order mark, at most 16 MiB and 64 levels, no key twice in one object.
/// Error `format` reason `bad_json` with line and column (`limit` for the size).
nlohmann::json parse_json(std::string_view text);

/// The same from a file, which the error names.
nlohmann::json read_json_file(const std::filesystem::path& file);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_JSON_FILE_HPP_
