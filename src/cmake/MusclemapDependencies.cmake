# Libraries from the distribution; why each is needed stands in packages/debian.txt. Targets are global, since the
# projects that add this one link the static library and with it all that it links.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
include(MusclemapLibraries)
if(musclemap_missing)
  message(FATAL_ERROR "${musclemap_missing}")
endif()
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(nlohmann_json 3.10 REQUIRED)
find_path(MUSCLEMAP_NIFTI_INCLUDE NAMES nifti2_io.h PATH_SUFFIXES nifti REQUIRED)
if(TIFF_VERSION_STRING VERSION_LESS 4.5)
  message(FATAL_ERROR "musclemap needs libtiff 4.5 or later, which bounds its memory; found ${TIFF_VERSION_STRING}")
endif()
find_path(MUSCLEMAP_OPENJP2_INCLUDE NAMES openjpeg.h PATH_SUFFIXES openjpeg-2.5 openjpeg-2.4 REQUIRED)
find_path(MUSCLEMAP_STB_INCLUDE NAMES stb_truetype.h PATH_SUFFIXES stb)
if(NOT MUSCLEMAP_STB_INCLUDE)
  message(FATAL_ERROR "musclemap draws text with stb_truetype.h, which was not found; on Debian and Ubuntu: \
apt-get install libstb-dev")
endif()
