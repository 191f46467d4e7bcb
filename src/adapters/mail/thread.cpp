#include "adapters/mail/thread.hpp"

#include <array>
#include <stdexcept>
#include <utility>

#include <sodium.h>

#include "store/kept_key.hpp"

namespace garita::mail {

namespace {

constexpr std::string_view key_name = "mail.letter_key";

std::string hex(const unsigned char* bytes, std::size_t size) {
    std::string text(size * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes, size);
    text.pop_back();  // the terminating zero
    return text;
}

}  // namespace

Result<LetterIds> LetterIds::open(store::Store& store, std::string_view from) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be started");
    return store::kept_key(store, key_name).map([&](std::string key) {
        return LetterIds(std::move(key), std::string(from.substr(from.find('@') + 1)));
    });
}

std::string LetterIds::name(const std::string& what, std::string_view to) const {
    const std::string meaning = what + ' ' + std::string(to);
    std::array<unsigned char, 16> hash{};
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(meaning.data()),
                       meaning.size(), reinterpret_cast<const unsigned char*>(key_.data()), key_.size());
    return what + '.' + hex(hash.data(), hash.size()) + '@' + domain_;
}

std::string LetterIds::root(CaseId about, std::string_view to) const {
    return name("case-" + std::to_string(about.value), to);
}

std::string LetterIds::next(const Case& about, const Told& told, Stage stage, std::string_view to) const {
    if (stage == Stage::asked && told.stage != Stage::asked) return root(about.id, to);
    auto word = std::string(stage == Stage::asked ? to_text(about.severity) : decide::word_of(stage));
    const auto& taken = about.duty.taken;
    // each end of an acknowledgement is told by itself
    if (stage == Stage::asked && taken && taken->over && told.lapse < to_micros(taken->until))
        word += '-' + std::to_string(to_micros(taken->until));
    return name("case-" + std::to_string(about.id.value) + '-' + word, to);
}

std::string LetterIds::digest(std::int64_t number, std::string_view to) const {
    return name("digest-" + std::to_string(number), to);
}

}  // namespace garita::mail
