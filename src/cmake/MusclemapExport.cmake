# The static library of the C++ interface as an export of its own, so that a project which adds this one may export targets
# that link it. Without MUSCLEMAP_INSTALL nothing of it is installed.
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/musclemap)
set(unless_installed "")
if(NOT MUSCLEMAP_INSTALL)
  set(unless_installed EXCLUDE_FROM_ALL)
endif()
install(TARGETS musclemap EXPORT musclemapTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} ${unless_installed})
install(EXPORT musclemapTargets NAMESPACE musclemap:: DESTINATION ${package_folder} ${unless_installed})
export(EXPORT musclemapTargets NAMESPACE musclemap:: FILE ${PROJECT_BINARY_DIR}/musclemapTargets.cmake)
