#include "adapters/sqlite/strict_reading.hpp"

namespace garita::sqlite {

void damaged(std::string_view what, std::string_view text) {
    throw Failure({ErrorCode::io,
                   "the store holds a " + std::string(what) + " that cannot be read: '" +
                       std::string(text.substr(0, 80)) + "'; restore the file from a backup",
                   Retry::no});
}

}  // namespace garita::sqlite
