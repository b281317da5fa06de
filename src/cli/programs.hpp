// The programs as functions, which their executables and the Python package's console scripts call.
#ifndef MUSCLEMAP_CLI_PROGRAMS_HPP_
#define MUSCLEMAP_CLI_PROGRAMS_HPP_

namespace musclemap::cli {

/// Each returns the exit status.
int mm_segment_main(int argc, char** argv);
int mm_extract_metrics_main(int argc, char** argv);
int totalsegmentator_main(int argc, char** argv);
int musclemap_main(int argc, char** argv);
int totalseg_get_phase_main(int argc, char** argv);
int totalseg_get_modality_main(int argc, char** argv);
int totalseg_combine_masks_main(int argc, char** argv);
int totalseg_info_main(int argc, char** argv);
int totalseg_import_weights_main(int argc, char** argv);
int totalseg_download_weights_main(int argc, char** argv);
int totalseg_set_license_main(int argc, char** argv);

}  // namespace musclemap::cli

#endif  // MUSCLEMAP_CLI_PROGRAMS_HPP_
