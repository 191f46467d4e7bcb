#include "adapters/syn_scan/cookie.hpp"

#include <bit>

namespace garita::syn_scan {

namespace {

class Sip {
  public:
    explicit Sip(const CookieKey& key)
        : v_{key[0] ^ 0x736f6d6570736575ULL, key[1] ^ 0x646f72616e646f6dULL, key[0] ^ 0x6c7967656e657261ULL,
             key[1] ^ 0x7465646279746573ULL} {}

    template <unsigned Rounds>
    void add(std::uint64_t word) {
        v_[3] ^= word;
        rounds<Rounds>();
        v_[0] ^= word;
    }
    template <unsigned Rounds>
    [[nodiscard]] std::uint64_t finish() {
        v_[2] ^= 0xff;
        rounds<Rounds>();
        return v_[0] ^ v_[1] ^ v_[2] ^ v_[3];
    }

  private:
    template <unsigned Rounds>
    void rounds() {
        for (unsigned i = 0; i < Rounds; ++i) {
            v_[0] += v_[1];
            v_[1] = std::rotl(v_[1], 13) ^ v_[0];
            v_[0] = std::rotl(v_[0], 32);
            v_[2] += v_[3];
            v_[3] = std::rotl(v_[3], 16) ^ v_[2];
            v_[0] += v_[3];
            v_[3] = std::rotl(v_[3], 21) ^ v_[0];
            v_[2] += v_[1];
            v_[1] = std::rotl(v_[1], 17) ^ v_[2];
            v_[2] = std::rotl(v_[2], 32);
        }
    }
    std::array<std::uint64_t, 4> v_;
};

}  // namespace

template <unsigned Compressions, unsigned Finals>
std::uint64_t sip_hash(const CookieKey& key, std::span<const std::uint8_t> bytes) {
    Sip sip(key);
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        word |= std::uint64_t{bytes[i]} << (i % 8 * 8);
        if (i % 8 == 7) {
            sip.add<Compressions>(word);
            word = 0;
        }
    }
    sip.add<Compressions>(word | std::uint64_t{bytes.size() & 0xff} << 56);
    return sip.finish<Finals>();
}

template std::uint64_t sip_hash<2, 4>(const CookieKey&, std::span<const std::uint8_t>);

CookieKey key_of(const CookieKey& key, const IpAddress& address) {
    std::array<std::uint8_t, 18> bytes{};
    for (std::size_t i = 0; i < 16; ++i)
        bytes[i] = address.bytes()[i];
    bytes[16] = static_cast<std::uint8_t>(address.family());
    const std::uint64_t first = sip_hash<2, 4>(key, bytes);
    bytes[17] = 1;
    return {first, sip_hash<2, 4>(key, bytes)};
}

std::uint32_t cookie(const CookieKey& target, Port port, Port own) {
    // one block and fewer rounds: it has to hold for the seconds of a scan, and is reckoned for each packet
    Sip sip(target);
    sip.add<1>(std::uint64_t{port} << 16 | own);
    const std::uint64_t hash = sip.finish<3>();
    return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

}  // namespace garita::syn_scan
