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
