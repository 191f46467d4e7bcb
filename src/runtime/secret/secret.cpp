#include "runtime/secret/secret.hpp"

#include <array>
#include <utility>

#include <sodium.h>

namespace garita::runtime {

void wipe(std::string& text) {
    // up to the capacity: a string that was longer before may still hold its tail there
    text.resize(text.capacity());
    sodium_memzero(text.data(), text.size());
    text.clear();
}

class Secret::Bytes {
  public:
    explicit Bytes(std::string_view value)
        : data_(std::make_unique<char[]>(value.size())), size_(value.size()) {
        value.copy(data_.get(), size_);
    }
    Bytes(const Bytes&) = delete;
    Bytes& operator=(const Bytes&) = delete;
    ~Bytes() { sodium_memzero(data_.get(), size_); }

    [[nodiscard]] std::string_view view() const { return {data_.get(), size_}; }

  private:
    std::unique_ptr<char[]>
        data_;  // not a string: a short one would live inside the object and be copied by moves
    std::size_t size_;
};

Secret::Secret(std::string value) {
    if (!value.empty()) bytes_ = std::make_shared<const Bytes>(value);
    wipe(value);
}

std::size_t Secret::size() const {
    return bytes_ ? bytes_->view().size() : 0;
}

std::string_view Secret::reveal() const {
    return bytes_ ? bytes_->view() : std::string_view();
}

bool Secret::matches(std::string_view candidate) const {
    if (!bytes_) return false;
    // Digests have one length, so not even the length of the secret shows in the time taken.
    using Digest = std::array<unsigned char, crypto_generichash_BYTES>;
    const auto digest = [](std::string_view text) {
        Digest result{};
        crypto_generichash(result.data(), result.size(), reinterpret_cast<const unsigned char*>(text.data()),
                           text.size(), nullptr, 0);
        return result;
    };
    Digest own = digest(bytes_->view());
    const Digest other = digest(candidate);
    const bool same = sodium_memcmp(own.data(), other.data(), own.size()) == 0;
    sodium_memzero(own.data(), own.size());
    return same;
}

}  // namespace garita::runtime
