// Boost.JSON itself, compiled into this one file: no shared library to load, and only what is used is linked.
#include <boost/json/src.hpp>
