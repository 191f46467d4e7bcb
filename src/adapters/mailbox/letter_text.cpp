#include "adapters/mailbox/letter_text.hpp"

#include <algorithm>
#include <gmime/gmime.h>
#include <memory>

#include "access/html_text.hpp"
#include "adapters/mailbox/charset.hpp"

namespace garita::mailbox {

namespace {

constexpr int deepest = 16;
constexpr int most_parts = 200;

struct Unref {
    template <typename T>
    void operator()(T* object) const {
        g_object_unref(object);
    }
};
template <typename T>
using Ref = std::unique_ptr<T, Unref>;

void start_gmime() {
    static const bool ready = [] {
        g_mime_init();
        return true;
    }();
    (void)ready;
}

bool is_type(GMimeObject* object, const char* type, const char* subtype) {
    return g_mime_content_type_is_type(g_mime_object_get_content_type(object), type, subtype) != FALSE;
}

bool is_attached(GMimeObject* object) {
    auto* disposition = g_mime_object_get_content_disposition(object);
    if (disposition == nullptr) return false;
    const std::string_view word = g_mime_content_disposition_get_disposition(disposition);
    return g_ascii_strcasecmp(word.data(), "inline") != 0;
}

bool is_blank(const std::string& text) {
    return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

std::string content_of(GMimeObject* object) {
    auto* content = g_mime_part_get_content(GMIME_PART(object));
    if (content == nullptr) return {};
    const Ref<GMimeStream> stream(g_mime_stream_mem_new());
    if (g_mime_data_wrapper_write_to_stream(content, stream.get()) < 0) return {};
    const auto* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
    if (bytes == nullptr || bytes->data == nullptr) return {};
    const auto* charset =
        g_mime_content_type_get_parameter(g_mime_object_get_content_type(object), "charset");
    return to_utf8({reinterpret_cast<const char*>(bytes->data), bytes->len},
                   charset == nullptr ? "" : charset);
}

/// Walks over the parts of one letter.
class Walk {
  public:
    std::string text_of(GMimeObject* object, int depth) {
        if (depth > deepest || ++parts_ > most_parts) {
            beyond_ = true;
            return {};
        }
        if (beyond_ || object == nullptr || is_attached(object)) return {};
        if (GMIME_IS_MULTIPART(object)) return text_of_parts(GMIME_MULTIPART(object), depth);
        if (!GMIME_IS_PART(object)) return {};  // a letter within this one
        if (is_type(object, "text", "html")) return access::html_text(content_of(object));
        return is_type(object, "text", "plain") ? content_of(object) : std::string();
    }
    [[nodiscard]] bool is_beyond_bounds() const { return beyond_; }

  private:
    std::string text_of_parts(GMimeMultipart* parts, int depth) {
        auto* object = GMIME_OBJECT(parts);
        if (is_type(object, "multipart", "encrypted") || is_type(object, "multipart", "report")) return {};
        const bool alternative = is_type(object, "multipart", "alternative");
        const int count = is_type(object, "multipart", "signed")
                              ? std::min(1, g_mime_multipart_get_count(parts))
                              : g_mime_multipart_get_count(parts);
        std::string all;
        std::string richest;
        for (int i = 0; i < count && !beyond_; ++i) {
            auto* part = g_mime_multipart_get_part(parts, i);
            auto text = text_of(part, depth + 1);
            if (is_blank(text)) continue;
            if (alternative && is_type(part, "text", "plain")) return text;
            if (alternative)
                richest = std::move(text);
            else
                all.append(text).append("\n");
        }
        return alternative ? richest : all;
    }

    int parts_ = 0;
    bool beyond_ = false;
};

/// Each part that could hold others has such a field of its own, so this bounds how deep GMime can go.
bool has_too_many_parts(std::string_view letter) {
    constexpr std::string_view mark = "content-type";
    int count = 0;
    const auto same = [](char one, char other) { return g_ascii_tolower(one) == other; };
    for (auto at = letter.begin(); count <= most_parts; ++count) {
        at = std::search(at, letter.end(), mark.begin(), mark.end(), same);
        if (at == letter.end()) return false;
        at += static_cast<std::ptrdiff_t>(mark.size());
    }
    return true;
}

}  // namespace

Result<std::string> letter_text(std::string_view letter) {
    start_gmime();
    if (has_too_many_parts(letter)) return fail(ErrorCode::invalid, "the letter has too many parts");
    const Ref<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(letter.data(), letter.size()));
    const Ref<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    const Ref<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
    if (!message) return fail(ErrorCode::invalid, "the letter cannot be read");
    Walk walk;
    auto text = walk.text_of(g_mime_message_get_mime_part(message.get()), 0);
    if (walk.is_beyond_bounds())
        return fail(ErrorCode::invalid, "the letter's parts go too deep, or are too many");
    text.erase(std::remove(text.begin(), text.end(), '\r'), text.end());
    return text;
}

std::string decoded_words(const std::string& value) {
    start_gmime();
    const std::unique_ptr<char, decltype(&g_free)> decoded(
        g_mime_utils_header_decode_text(nullptr, value.c_str()), g_free);
    return decoded ? to_utf8(decoded.get(), "utf-8") : std::string();
}

}  // namespace garita::mailbox
