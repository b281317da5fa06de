# A script: cmake -D OUT=FILE -D TREES=LIST -P EmbedTrees.cmake
# Turns every <name>.trees of the list into a raw string literal of FILE, which defines quant::embedded_<name>_trees().
list(SORT TREES)
set(functions "")
foreach(file IN LISTS TREES)
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} text)
  string(APPEND functions
         "const char* embedded_${name}_trees() noexcept {\n  return R\"trees(${text})trees\";\n}\n\n")
endforeach()
file(
  WRITE ${OUT}
  "// Generated from src/quant/trees; do not edit.
#include \"quant/trees/embedded_trees.hpp\"

namespace musclemap::quant {

${functions}}  // namespace musclemap::quant
")
