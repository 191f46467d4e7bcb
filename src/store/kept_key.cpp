#include "store/kept_key.hpp"

#include "store/random_hex.hpp"

namespace garita::store {

Result<std::string> kept_key(Store& store, std::string_view name) {
    std::string key;
    auto done = store.write([&](Transaction& transaction) -> Result<void> {
        if (const auto kept = transaction.value(name)) {
            key = *kept;
            return {};
        }
        key = random_hex(32);
        transaction.set_value(name, key);
        return {};
    });
    if (!done) return tl::unexpected(std::move(done.error()));
    return key;
}

}  // namespace garita::store
