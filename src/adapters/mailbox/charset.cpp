#include "adapters/mailbox/charset.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <iconv.h>
#include <memory>

#include "model/foreign_text.hpp"

namespace garita::mailbox {

namespace {

constexpr std::string_view unknown = "\xEF\xBF\xBD";

class Converter {
  public:
    explicit Converter(const std::string& charset) : handle_(::iconv_open("UTF-8", charset.c_str())) {}
    ~Converter() {
        if (is_open()) ::iconv_close(handle_);
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;

    // iconv's way of saying no
    [[nodiscard]] bool is_open() const {
        return handle_ != reinterpret_cast<iconv_t>(-1);  // NOLINT(performance-no-int-to-ptr)
    }

    std::string convert(std::string_view bytes) {
        std::string source(bytes);
        std::string out;
        std::array<char, 4096> room{};
        char* in = source.data();
        std::size_t left = source.size();
        while (left > 0) {
            char* to = room.data();
            std::size_t free = room.size();
            const auto done = ::iconv(handle_, &in, &left, &to, &free);
            out.append(room.data(), room.size() - free);
            if (done != static_cast<std::size_t>(-1)) break;
            if (errno == E2BIG) continue;
            out += unknown;  // not of this encoding, or cut at the end
            ++in;
            --left;
        }
        return out;
    }

  private:
    iconv_t handle_;
};

/// Those that mail programs write; iconv knows many more, some of them with a bad past.
bool is_usual(std::string_view name) {
    constexpr std::array<std::string_view, 14> beginnings = {
        "iso-8859-", "windows-125", "cp125",   "koi8-", "cp866", "ibm866",    "utf-16",
        "gb2312",    "gbk",         "gb18030", "big5",  "euc-",  "shift_jis", "macintosh"};
    return name.size() < 24 && std::any_of(beginnings.begin(), beginnings.end(),
                                           [&](std::string_view one) { return name.starts_with(one); });
}

std::string valid_utf8(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const auto character = first_character(bytes);
        if (character.valid)
            out += bytes.substr(0, character.bytes);
        else
            out += unknown;
        bytes.remove_prefix(character.bytes);
    }
    return out;
}

}  // namespace

std::string to_utf8(std::string_view bytes, std::string_view charset) {
    std::string name(charset);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (is_usual(name)) {
        Converter converter(name);
        if (converter.is_open()) return valid_utf8(converter.convert(bytes));
    }
    return valid_utf8(bytes);
}

}  // namespace garita::mailbox
