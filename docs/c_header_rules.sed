# For sed -z: tells Doxygen of each function and struct what the C header says once for all.
s|\*/\nMM_API mm_status|@return MM_OK, or an mm_status that mm_last_error() explains. */\nMM_API mm_status|g
s|\n  uint32_t struct_size;|& /**< sizeof of the struct */|g
