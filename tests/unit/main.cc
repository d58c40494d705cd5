// Catch2 2.x wants its main compiled here; 3.x brings a library that holds it.
#if !__has_include(<catch2/catch_all.hpp>)
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
