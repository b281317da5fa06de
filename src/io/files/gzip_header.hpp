// The header of a gzip member (RFC 1952, section 2.3).
#ifndef MUSCLEMAP_IO_FILES_GZIP_HEADER_HPP_
#define MUSCLEMAP_IO_FILES_GZIP_HEADER_HPP_

#include <functional>

namespace musclemap::io {

/// Takes a header's bytes from `next_byte`, no more than are the header's. Returns what is wrong with it,
/// null if nothing is. ISA-L's own parser forgets the header's flags where the input pauses inside its name.
const char* skip_gzip_header(const std::function<unsigned char()>& next_byte);

}  // namespace musclemap::io

#endif  // MUSCLEMAP_IO_FILES_GZIP_HEADER_HPP_
