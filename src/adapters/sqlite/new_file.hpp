#pragma once
// A store's file before there is anything in it.

#include <string>

namespace garita::sqlite {

/// Readable for its user only, with a write-ahead log, and whole after a power cut at any moment; leaves
/// alone what is there already. Throws Failure.
void make_store_where_none_is(const std::string& file);

}  // namespace garita::sqlite
