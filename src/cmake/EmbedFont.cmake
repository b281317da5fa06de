# A script: cmake -D OUT=FILE -D FONT=FILE -P EmbedFont.cmake
# Turns the font into a string literal, which compilers read many times faster than a list of numbers.
file(READ ${FONT} bytes HEX)
string(REGEX REPLACE "(..)" "\\\\x\\1" bytes "${bytes}")
get_filename_component(name ${FONT} NAME)
file(
  WRITE ${OUT}
  "// Generated from src/draw/font/${name}; do not edit.
#include \"draw/embedded_font.hpp\"

namespace musclemap::draw {

const char* embedded_font() noexcept {
  return \"${bytes}\";
}

}  // namespace musclemap::draw
")
