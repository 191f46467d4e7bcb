#include "adapters/hub_link/store_identity.hpp"

#include <array>

#include <sodium.h>

namespace garita::hub_link {
namespace {
constexpr std::string_view identity_key = "store_identity";
}

std::string store_identity(store::View& view) {
    return view.value(identity_key).value_or("");
}

Result<void> ensure_store_identity(store::Store& store) {
    return store.write([](store::Transaction& tx) -> Result<void> {
        if (tx.value(identity_key)) return {};
        std::array<unsigned char, 16> bytes{};
        randombytes_buf(bytes.data(), bytes.size());
        std::array<char, 33> hex{};
        sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
        tx.set_value(identity_key, hex.data());
        return {};
    });
}

}  // namespace garita::hub_link
