# What `cmake --install` leaves; the tree can be moved as a whole. Included last: it installs the targets that there are.
include(CMakePackageConfigHelpers)
set(staging ${PROJECT_BINARY_DIR}/install)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/musclemap DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

# The shared library of the C interface: an export of its own, since who links it needs none of the other's libraries.
if(TARGET musclemap_c)
  set_target_properties(musclemap_c PROPERTIES EXPORT_NAME c)
  install(TARGETS musclemap_c EXPORT musclemapCTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(FILES ${PROJECT_SOURCE_DIR}/capi/include/musclemap.h ${PROJECT_SOURCE_DIR}/capi/include/musclemap_capi.hpp
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(EXPORT musclemapCTargets NAMESPACE musclemap:: DESTINATION ${package_folder})
endif()

include(MusclemapPrograms)
foreach(program IN LISTS musclemap_programs)
  if(TARGET musclemap_${program}_program)
    install(TARGETS musclemap_${program}_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()
if(TARGET musclemap_musclemap_program)
  install(PROGRAMS ${PROJECT_SOURCE_DIR}/python/musclemap-fetch DESTINATION ${CMAKE_INSTALL_BINDIR})
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/python/musclemap_fetch DESTINATION ${CMAKE_INSTALL_DATADIR}/musclemap/python
          FILES_MATCHING PATTERN "*.py" PATTERN "*.json" PATTERN "__pycache__" EXCLUDE)
endif()
if(TARGET musclemap_torch_engine)
  # Left out where ./dev demo has built the rest alone.
  install(TARGETS musclemap_torch_engine LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/musclemap OPTIONAL)
endif()

# find_package(musclemap)
set(engine_folder ${CMAKE_INSTALL_LIBDIR}/musclemap)
configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/musclemapConfig.cmake.in ${staging}/musclemapConfig.cmake
  INSTALL_DESTINATION ${package_folder}
  PATH_VARS engine_folder
  NO_CHECK_REQUIRED_COMPONENTS_MACRO)
# Before 1.0 every minor version may change the C++ interface.
write_basic_package_version_file(${staging}/musclemapConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${staging}/musclemapConfig.cmake ${staging}/musclemapConfigVersion.cmake DESTINATION ${package_folder})
install(FILES ${CMAKE_CURRENT_LIST_DIR}/MusclemapLibraries.cmake DESTINATION ${package_folder}
        RENAME musclemapLibraries.cmake)

# pkg-config
file(RELATIVE_PATH to_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" to_prefix ${to_prefix})
configure_file(${CMAKE_CURRENT_LIST_DIR}/musclemap.pc.in ${staging}/musclemap.pc @ONLY)
install(FILES ${staging}/musclemap.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
if(TARGET musclemap_c)
  configure_file(${CMAKE_CURRENT_LIST_DIR}/musclemap-c.pc.in ${staging}/musclemap-c.pc @ONLY)
  install(FILES ${staging}/musclemap-c.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()

file(GLOB label_tables CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/io/label_tables/*.csv)
install(FILES ${label_tables} ${PROJECT_SOURCE_DIR}/src/io/label_tables/README.md
        DESTINATION ${CMAKE_INSTALL_DATADIR}/musclemap/labels)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/docs/licences.md
        DESTINATION ${CMAKE_INSTALL_DATADIR}/musclemap)
install(FILES ${PROJECT_SOURCE_DIR}/src/draw/font/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/musclemap
        RENAME LICENSE.DejaVuSans)
install(FILES ${PROJECT_SOURCE_DIR}/src/quant/trees/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/musclemap
        RENAME LICENSE.TotalSegmentator)
