# What the static library links, found by the build and again by the installed package for the programs that link it.
# musclemap_missing says in one sentence what is not there and which package of Debian has it; empty if all is there.
set(musclemap_missing_names "")
set(musclemap_missing_packages "")

foreach(entry IN ITEMS Threads:libc6-dev PNG:libpng-dev TIFF:libtiff-dev pugixml:libpugixml-dev)
  string(REGEX MATCH "^([^:]+):(.+)$" entry ${entry})
  set(musclemap_name ${CMAKE_MATCH_1})
  set(musclemap_package ${CMAKE_MATCH_2})
  find_package(${musclemap_name} QUIET)
  if(NOT ${musclemap_name}_FOUND)
    list(APPEND musclemap_missing_names ${musclemap_name})
    list(APPEND musclemap_missing_packages ${musclemap_package})
  endif()
endforeach()

# Libraries without a CMake package of their own.
foreach(entry IN ITEMS nifti2:libnifti2-dev deflate:libdeflate-dev isal:libisal-dev md:libmd-dev
                       openjp2:libopenjp2-7-dev)
  string(REGEX MATCH "^([^:]+):(.+)$" entry ${entry})
  set(musclemap_name ${CMAKE_MATCH_1})
  set(musclemap_package ${CMAKE_MATCH_2})
  string(TOUPPER MUSCLEMAP_${musclemap_name}_LIBRARY musclemap_file)
  find_library(${musclemap_file} NAMES ${musclemap_name})
  mark_as_advanced(${musclemap_file})
  if(NOT ${musclemap_file})
    list(APPEND musclemap_missing_names ${musclemap_name})
    list(APPEND musclemap_missing_packages ${musclemap_package})
  elseif(NOT TARGET musclemap::${musclemap_name})
    add_library(musclemap::${musclemap_name} UNKNOWN IMPORTED)
    set_target_properties(musclemap::${musclemap_name} PROPERTIES IMPORTED_LOCATION "${${musclemap_file}}")
    if(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL)
      set_target_properties(musclemap::${musclemap_name} PROPERTIES IMPORTED_GLOBAL ON)
    endif()
  endif()
endforeach()

set(musclemap_missing "")
if(musclemap_missing_names)
  list(JOIN musclemap_missing_names ", " musclemap_missing_names)
  list(JOIN musclemap_missing_packages " " musclemap_missing_packages)
  set(musclemap_missing "musclemap links libraries that were not found: ${musclemap_missing_names}; on Debian and Ubuntu: \
apt-get install ${musclemap_missing_packages}")
endif()
