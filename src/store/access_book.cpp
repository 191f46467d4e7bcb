#include "store/access_book.hpp"

namespace garita::store {

bool wants_surveys(AccessState state) {
    return state == AccessState::waiting || state == AccessState::working || state == AccessState::done;
}

}  // namespace garita::store
