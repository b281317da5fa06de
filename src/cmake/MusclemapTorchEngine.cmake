# The inference engine: one module for the LibTorch at hand, opened by the core on first use. It links libtorch_cpu and
# libc10 alone, through targets of our own, because Torch's CMake configuration asks for a CUDA toolkit.
# Looked for in this project's environment, in that of the Python that builds the package (pip runs the build with the
# interpreter it installs for), and in the active one.
if(NOT MUSCLEMAP_TORCH_DIR)
  set(torch_environments ${PROJECT_SOURCE_DIR}/.venv $ENV{VIRTUAL_ENV} $ENV{CONDA_PREFIX})
  set(torch_candidates "")
  if(Python_EXECUTABLE)
    execute_process(
      COMMAND ${Python_EXECUTABLE} -I -c "import sysconfig; print(sysconfig.get_path('platlib'))"
      OUTPUT_VARIABLE python_packages
      OUTPUT_STRIP_TRAILING_WHITESPACE)
    file(GLOB torch_candidates ${python_packages}/torch/lib/libtorch_cpu.so)
  endif()
  foreach(environment IN LISTS torch_environments)
    file(GLOB found ${environment}/lib/python3*/site-packages/torch/lib/libtorch_cpu.so)
    list(APPEND torch_candidates ${found})
  endforeach()
  if(torch_candidates)
    list(GET torch_candidates 0 first_candidate)
    string(REGEX REPLACE "/lib/libtorch_cpu.so$" "" first_candidate ${first_candidate})
    set(MUSCLEMAP_TORCH_DIR ${first_candidate} CACHE PATH "Folder of LibTorch: holds include/ and lib/" FORCE)
  endif()
endif()
if(MUSCLEMAP_BUILD_TORCH_ENGINE STREQUAL "AUTO" AND NOT EXISTS "${MUSCLEMAP_TORCH_DIR}/lib/libtorch_cpu.so")
  message(WARNING "No LibTorch was found: built without its engine, which GPUs and TorchScript models that are not "
                  "recognised need; install torch first, or let MUSCLEMAP_TORCH_DIR name its folder")
  return()
endif()
if(NOT EXISTS "${MUSCLEMAP_TORCH_DIR}/lib/libtorch_cpu.so")
  message(FATAL_ERROR "No LibTorch in '${MUSCLEMAP_TORCH_DIR}': run ./dev build, or set MUSCLEMAP_TORCH_DIR, "
                      "or set MUSCLEMAP_BUILD_TORCH_ENGINE=OFF")
endif()
# The version's numbers have lived in different headers over the years.
foreach(header IN ITEMS torch/headeronly/version.h torch/csrc/api/include/torch/version.h torch/version.h)
  if(EXISTS ${MUSCLEMAP_TORCH_DIR}/include/${header} AND NOT torch_version_lines)
    file(STRINGS ${MUSCLEMAP_TORCH_DIR}/include/${header} torch_version_lines
         REGEX "#define TORCH_VERSION_(MAJOR|MINOR) ")
  endif()
endforeach()
string(REGEX MATCHALL "[0-9]+" torch_numbers "${torch_version_lines}")
list(GET torch_numbers 0 torch_major)
list(GET torch_numbers 1 torch_minor)
# Older wheels, such as that of 2.4, have the older layout of std::string, which Torch's own configuration states. The module
# may follow: only plain C lies between it and the core.
set(torch_string_layout "")
set(torch_config ${MUSCLEMAP_TORCH_DIR}/share/cmake/Torch/TorchConfig.cmake)
if(EXISTS ${torch_config})
  file(STRINGS ${torch_config} torch_layout_lines REGEX "_GLIBCXX_USE_CXX11_ABI=[01]")
  if(torch_layout_lines MATCHES "_GLIBCXX_USE_CXX11_ABI=([01])")
    set(torch_string_layout ${CMAKE_MATCH_1})
  endif()
endif()

add_library(musclemap_torch_cpu SHARED IMPORTED)
set_target_properties(
  musclemap_torch_cpu
  PROPERTIES IMPORTED_LOCATION ${MUSCLEMAP_TORCH_DIR}/lib/libtorch_cpu.so
             INTERFACE_INCLUDE_DIRECTORIES
             "${MUSCLEMAP_TORCH_DIR}/include;${MUSCLEMAP_TORCH_DIR}/include/torch/csrc/api/include")
add_library(musclemap_c10 SHARED IMPORTED)
set_target_properties(musclemap_c10 PROPERTIES IMPORTED_LOCATION ${MUSCLEMAP_TORCH_DIR}/lib/libc10.so)

get_filename_component(torch_engine_sources ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)
add_library(musclemap_torch_engine MODULE ${torch_engine_sources}/infer/torch_engine.cpp
                                         ${torch_engine_sources}/infer/torch_sam.cpp)
target_include_directories(musclemap_torch_engine PRIVATE ${torch_engine_sources})
target_link_libraries(musclemap_torch_engine PRIVATE musclemap_torch_cpu musclemap_c10)
# LibTorch 2.15 refuses anything below C++20; the older ones accept it.
target_compile_features(musclemap_torch_engine PRIVATE cxx_std_20)
target_compile_options(musclemap_torch_engine PRIVATE -Wall -Wextra -Wno-unused-parameter)
if(NOT torch_string_layout STREQUAL "")
  target_compile_definitions(musclemap_torch_engine PRIVATE _GLIBCXX_USE_CXX11_ABI=${torch_string_layout})
endif()
# A project that adds this one may have no folder for libraries.
set(module_folder ${PROJECT_BINARY_DIR}/lib/musclemap)
if(CMAKE_LIBRARY_OUTPUT_DIRECTORY)
  set(module_folder ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/musclemap)
endif()
set_target_properties(
  musclemap_torch_engine
  PROPERTIES PREFIX ""
             OUTPUT_NAME musclemap_torch_${torch_major}_${torch_minor}
             LIBRARY_OUTPUT_DIRECTORY ${module_folder}
             CXX_VISIBILITY_PRESET hidden
             # No run path: the core opens LibTorch first, from the place the user named or the one recorded here.
             SKIP_BUILD_RPATH ON)
# For one file alone, so that another LibTorch does not compile the library anew. A wheel runs on other machines, where
# this place means nothing.
if(NOT SKBUILD)
  set_property(SOURCE infer/load_torch_engine.cpp APPEND PROPERTY COMPILE_DEFINITIONS
               MUSCLEMAP_BUILD_TORCH_LIB="${MUSCLEMAP_TORCH_DIR}/lib")
endif()
