# The programs, each src/cli/main.cpp under its own name.
set(musclemap_programs
    mm_segment
    mm_extract_metrics
    musclemap
    totalsegmentator
    totalseg_get_phase
    totalseg_get_modality
    totalseg_combine_masks
    totalseg_info
    totalseg_import_weights
    totalseg_download_weights
    totalseg_set_license)
