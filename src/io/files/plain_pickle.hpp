// Plain values as a pickle of Python.
#ifndef MUSCLEMAP_IO_FILES_PLAIN_PICKLE_HPP_
#define MUSCLEMAP_IO_FILES_PLAIN_PICKLE_HPP_

#include <nlohmann/json.hpp>
#include <string>

namespace musclemap::io {

/// Bytes of protocol 2 that pickle.load() makes dicts, lists, texts, numbers, booleans and None of; no
/// function is named, so that nothing is called. Format: Lib/pickletools.py of Python.
std::string plain_pickle(const nlohmann::ordered_json& value);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_PLAIN_PICKLE_HPP_
