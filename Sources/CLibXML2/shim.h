/* Debian's libxml2 headers pull in ICU, which collides with Foundation's own copy in a clean debug build:
   the version header first, then ICU off, then the rest. */
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
/* xmlFree is a global function pointer, which Swift 6 will not read. */
static inline void sw_xml_free(void *p) { xmlFree(p); }
/* The place of our own mark in a node: an attribute's first field is the same. */
static inline void sw_xml_mark(void *node, void *mark) { ((xmlNodePtr)node)->_private = mark; }
static inline void *sw_xml_get_mark(void *node) { return ((xmlNodePtr)node)->_private; }
