#include "adapters/mail_proof/authentication_results.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "access/letter_fields.hpp"

namespace garita::mail_proof {

namespace {

tl::unexpected<Error> no_proof(const std::string& why) {
    return fail(ErrorCode::forbidden, "Authentication-Results: " + why);
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// A word, a quoted text, '=' or ';'. Comments are left out. Nothing where quotes or brackets do not match.
std::optional<std::vector<std::string>> tokens_of(std::string_view value) {
    std::vector<std::string> tokens;
    std::string word;
    int comment = 0;
    bool quoted = false;
    const auto end_word = [&] {
        if (!word.empty()) tokens.push_back(std::exchange(word, {}));
    };
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        if (c == '\\' && (quoted || comment > 0)) {
            if (++i < value.size() && quoted) word += lower(value[i]);
        } else if (quoted) {
            if (c == '"')
                quoted = false;
            else
                word += lower(c);
        } else if (c == '(') {
            end_word();
            ++comment;
        } else if (comment > 0) {
            if (c == ')') --comment;
        } else if (c == '"') {
            quoted = true;
        } else if (c == ';' || c == '=') {
            end_word();
            tokens.emplace_back(1, c);
        } else if (c == ' ' || c == '\t') {
            end_word();
        } else {
            word += lower(c);
        }
    }
    end_word();
    if (quoted || comment > 0) return std::nullopt;
    return tokens;
}

/// The value after "name =", within one result.
std::string_view value_of(const std::vector<std::string>& tokens, std::string_view name) {
    for (std::size_t i = 0; i + 2 < tokens.size(); ++i)
        if (tokens[i] == name && tokens[i + 1] == "=") return tokens[i + 2];
    return {};
}

/// "dkim = pass … header.d = example.org", one result.
bool passes(const std::vector<std::string>& result, std::string_view domain) {
    if (result.size() < 3 || result[1] != "=" || result[2] != "pass") return false;
    if (result[0] == "dkim") return value_of(result, "header.d") == domain;
    if (result[0] == "dmarc") return value_of(result, "header.from") == domain;
    return false;
}

bool any_passes(const std::vector<std::string>& tokens, std::string_view domain) {
    std::vector<std::string> result;
    auto at = std::find(tokens.begin(), tokens.end(), ";");
    while (at != tokens.end()) {
        const auto end = std::find(at + 1, tokens.end(), ";");
        if (passes({at + 1, end}, domain)) return true;
        at = end;
    }
    return false;
}

}  // namespace

Result<access::Proof> trusted_results(std::string_view raw, const access::Letter& letter,
                                      const TrustedServer& server, Time now) {
    const auto text = access::with_mail_line_ends(raw);
    const auto fields = access::split_letter(text);
    if (!fields) return tl::unexpected(fields.error());
    if (fields->count("authentication-results") == 0) return no_proof("there are none");
    const auto tokens = tokens_of(fields->value("authentication-results"));
    if (!tokens || tokens->empty()) return no_proof("the topmost cannot be read");
    if (server.name.empty() || tokens->front() != server.name)
        return no_proof("the topmost is not of " + server.name);
    // a version may stand after the name, nothing else
    const bool plain = tokens->size() > 1 && ((*tokens)[1] == ";" || (*tokens)[1] == "1");
    const auto domain = std::string_view(letter.from).substr(letter.from.find('@') + 1);
    if (!plain || !any_passes(*tokens, domain)) return no_proof("nothing passed for " + letter.from);
    if (!letter.sent || !server.window.holds(*letter.sent, now) || letter.id.empty())
        return no_proof("the letter was not sent just now, or has no name");
    return access::Proof{
        access::Proof::Kind::authentication_results, std::string(domain), letter.sent, letter.id, {}};
}

}  // namespace garita::mail_proof
