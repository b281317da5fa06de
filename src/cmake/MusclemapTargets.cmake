# Flags that every target of this project gets; nothing here is global.

# Products and sums are rounded one by one (no fused multiply-add unless written): the reference's arithmetic is
# reproduced to the last bit.
function(musclemap_flags target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                                           -ffp-contract=off)
  if(MUSCLEMAP_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(MUSCLEMAP_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${MUSCLEMAP_SANITIZE} -fno-omit-frame-pointer
                                             # GCC 12 is wrong about std::regex and std::optional when it instruments.
                                             -Wno-maybe-uninitialized)
    target_link_options(${target} PRIVATE -fsanitize=${MUSCLEMAP_SANITIZE})
  endif()
  if(MUSCLEMAP_COVERAGE)
    target_compile_options(${target} PRIVATE --coverage)
    target_link_options(${target} PRIVATE --coverage)
  endif()
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON
                                             VISIBILITY_INLINES_HIDDEN ON CXX_VISIBILITY_PRESET hidden)
endfunction()

# Flags of a program in C99 that uses the C interface as a host does.
function(musclemap_c_flags target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic)
  if(MUSCLEMAP_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(MUSCLEMAP_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${MUSCLEMAP_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(${target} PRIVATE -fsanitize=${MUSCLEMAP_SANITIZE})
  endif()
  set_target_properties(${target} PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF)
endfunction()

# Sources of one folder compiled as one: headers are read and templates instantiated once, which halves the time of a
# whole build. Files with flags of their own stay alone.
function(musclemap_unity target)
  if(NOT MUSCLEMAP_UNITY)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    get_filename_component(folder ${source} DIRECTORY)
    string(MAKE_C_IDENTIFIER "${folder}" group)
    set_property(SOURCE ${source} PROPERTY UNITY_GROUP ${group})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  # GCC takes types without linkage for those of a header when their file is not the one it was started with.
  target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
endfunction()

# Code that converts and prints: the optimiser's time would be spent on templates of the libraries it uses.
function(musclemap_light_optimisation target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()
