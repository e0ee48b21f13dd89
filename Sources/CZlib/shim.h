#include <zlib.h>
/* A macro with the library's version and the size of the stream in it, which Swift does not import. */
static inline int sw_inflate_init(z_streamp stream, int window_bits) { return inflateInit2(stream, window_bits); }
