#include "adapters/sinks/delivery_ids.hpp"

#include <array>
#include <stdexcept>

#include <sodium.h>

#include "store/kept_key.hpp"

namespace garita::sinks {

Result<DeliveryIds> DeliveryIds::open(store::Store& store, std::string channel) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be started");
    return store::kept_key(store, "sinks.delivery_key").map([&](std::string key) {
        return DeliveryIds(std::move(key), std::move(channel));
    });
}

std::string DeliveryIds::of(const std::vector<News>& all) const {
    std::string meaning = channel_;
    for (const auto& one : all) {
        meaning += ' ' + std::to_string(one.about.value) + ' ' + std::string(decide::word_of(one.stage));
        // a case may become more severe while it is asked, which is told again
        if (one.stage == decide::Stage::asked) meaning += ' ' + std::string(to_text(one.severity));
        if (one.lapse > 0) meaning += ' ' + std::to_string(one.lapse);
    }
    std::array<unsigned char, 16> hash{};
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(meaning.data()),
                       meaning.size(), reinterpret_cast<const unsigned char*>(key_.data()), key_.size());
    std::string digits(hash.size() * 2 + 1, '\0');
    sodium_bin2hex(digits.data(), digits.size(), hash.data(), hash.size());
    digits.pop_back();  // the terminating zero
    return "msg_" + digits;
}

}  // namespace garita::sinks
