#include "adapters/limiter/bucket.hpp"

#include <algorithm>
#include <cstring>
#include <span>

namespace garita::limiter {
namespace {

constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

std::uint64_t mixed(std::uint64_t number) {
    number ^= number >> 30U;
    number *= 0xBF58476D1CE4E5B9U;
    number ^= number >> 27U;
    number *= 0x94D049BB133111EBU;
    return number ^ number >> 31U;
}

}  // namespace

std::size_t shard_of(const Subscriber& subscriber) {
    std::array<std::uint32_t, 4> words{};
    std::memcpy(words.data(), subscriber.data(), sizeof words);
    const std::uint32_t folded = words[0] ^ words[1] ^ words[2] ^ words[3];
    return (folded * shard_factor) >> shard_shift;
}

std::optional<Subscriber> subscriber_of(const RuleKey& key) {
    const auto bytes = key.bytes();
    const bool v4 = bytes.size() == 5 && bytes[0] == 4;
    const bool v6 = bytes.size() == 17 && bytes[0] == 6;
    if (!v4 && !v6) return std::nullopt;
    Subscriber subscriber{};
    if (v4) std::copy(mapped.begin(), mapped.end(), subscriber.begin());
    std::copy(bytes.begin() + 1, bytes.end(),
              subscriber.end() - static_cast<std::ptrdiff_t>(bytes.size() - 1));
    return subscriber;
}

RuleKey key_of(const Subscriber& subscriber) {
    const bool v4 = std::equal(mapped.begin(), mapped.end(), subscriber.begin());
    const std::uint8_t family = v4 ? 4 : 6;
    RuleKey key;
    (void)key.append(std::span(&family, 1));
    (void)key.append(std::span(subscriber).subspan(v4 ? mapped.size() : 0));
    return key;
}

std::optional<std::uint64_t> rate_of(const RuleValue& value) {
    if (value.size() != sizeof(std::uint64_t)) return std::nullopt;
    std::uint64_t rate = 0;
    for (const std::uint8_t byte : value.bytes())
        rate = rate << 8U | byte;
    return rate;
}

RuleValue value_of(std::uint64_t bits_per_second) {
    std::array<std::uint8_t, sizeof bits_per_second> bytes{};
    for (std::size_t i = bytes.size(); i-- > 0; bits_per_second >>= 8U)
        bytes[i] = static_cast<std::uint8_t>(bits_per_second);
    RuleValue value;
    (void)value.append(bytes);
    return value;
}

std::uint64_t print_of(const Subscriber& subscriber, const Bucket& bucket) {
    std::array<std::uint64_t, 2> halves{};
    std::memcpy(halves.data(), subscriber.data(), sizeof halves);
    return mixed(mixed(mixed(halves[0]) + halves[1]) + bucket.bits_per_second);
}

}  // namespace garita::limiter
