#include "adapters/decision_links/page.hpp"

#include <array>

#include <sodium.h>

#include "decide/foreign_text.hpp"

namespace garita::decision_links {

namespace {

constexpr std::string_view style =
    "body{margin:0;background:#f3f4f6;color:#111827;font:16px/1.5 system-ui,sans-serif}"
    "main{max-width:40rem;margin:0 "
    "auto;padding:1.25rem;background:#fff;min-height:100vh;box-sizing:border-box}"
    "h1{font-size:1.3rem;line-height:1.3;overflow-wrap:anywhere}"
    ".notice{padding:.75rem 1rem;border-left:.3rem solid #1d4ed8;background:#eff6ff}"
    "dl{display:grid;grid-template-columns:minmax(6rem,auto) 1fr;gap:.3rem 1rem;margin:1rem 0}"
    "dt{color:#4b5563}dd{margin:0;overflow-wrap:anywhere}"
    "label{display:block;margin:1rem 0 .5rem}"
    "input{display:block;width:100%;box-sizing:border-box;font:inherit;padding:.5rem;border:1px solid "
    "#9ca3af;"
    "border-radius:.3rem}"
    "button{display:block;width:100%;margin:.6rem 0;padding:.7rem;font:inherit;color:#fff;background:#1d4ed8;"
    "border:0;border-radius:.3rem}"
    "button[hidden]{display:none}"
    "footer{margin-top:1.5rem;color:#4b5563;font-size:.875rem}"
    "@media(prefers-color-scheme:dark){body{background:#0b0f19;color:#e5e7eb}main{background:#111827}"
    ".notice{background:#1e293b}dt,footer{color:#9ca3af}input{background:#0b0f19;color:inherit}}";

/// For the policy that lets this style in and no other.
std::string style_hash() {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(style.data()), style.size());
    std::array<char, sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, sodium_base64_VARIANT_ORIGINAL)>
        text{};
    return sodium_bin2base64(text.data(), text.size(), hash.data(), hash.size(),
                             sodium_base64_VARIANT_ORIGINAL);
}

std::string element(std::string_view tag, std::string_view text) {
    return '<' + std::string(tag) + '>' + escaped(text) + "</" + std::string(tag) + ">\n";
}

std::string facts_html(const Page& page, const decide::Reader& reader) {
    const auto text = decide::describe(*page.about, page.progress, reader);
    auto html = element("h1", reader.text("case.number", {{"id", std::to_string(page.about->id.value)},
                                                          {"title", text.title}})) +
                "<dl>\n";
    for (const auto& [label, value] : text.facts)
        html += element("dt", label) + element("dd", value);
    html += "</dl>\n";
    for (const auto& line : text.outcome)
        html += element("p", line);
    return html;
}

std::string field(std::string_view name, std::string_view label, std::string_view more) {
    return "<label>" + escaped(label) + " <input name=\"" + std::string(name) + "\" autocomplete=\"off\"" +
           std::string(more) + "></label>\n";
}

std::string form_html(const Asking& asking, const decide::Reader& reader) {
    // Return in a field presses the first button, and this one does nothing.
    std::string html = "<form method=\"post\">\n<button disabled hidden></button>\n";
    if (asking.takes_code) {
        html += "<input type=\"hidden\" name=\"comment\" value=\"" + escaped(asking.comment) + "\">\n" +
                field("code", reader.text("link.code"), " inputmode=\"numeric\" maxlength=\"16\" autofocus");
    } else {
        html += field("comment", reader.text("link.comment"), " maxlength=\"300\"");
    }
    for (const auto response : asking.responses)
        html += "<button name=\"response\" value=\"" + std::string(to_text(response)) + "\">" +
                escaped(decide::response_label(response, reader)) + "</button>\n";
    return html + "</form>\n";
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        switch (c) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            case '\'':
                safe += "&#39;";
                break;
            default:
                safe += c;
        }
    }
    return safe;
}

runtime::http::Response to_response(const Page& page, const decide::Reader& reader) {
    static const std::string policy = "default-src 'none'; style-src 'sha256-" + style_hash() +
                                      "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    std::string html = "<!doctype html>\n<html lang=\"" + escaped(reader.language) +
                       "\"><head><meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<title>Garita</title><style>" +
                       std::string(style) + "</style></head>\n<body><main>\n";
    if (!page.notice.empty())
        html += "<p class=\"notice\" role=\"status\">" + escaped(page.notice) + "</p>\n";
    if (page.about != nullptr) html += facts_html(page, reader);
    if (page.asking) html += form_html(*page.asking, reader);
    if (!page.small_print.empty()) html += element("footer", page.small_print);
    html += "</main></body></html>\n";
    runtime::http::Response response{page.status, "text/html; charset=utf-8", std::move(html), {}};
    response.headers = {{"Content-Security-Policy", policy},   {"Referrer-Policy", "no-referrer"},
                        {"X-Content-Type-Options", "nosniff"}, {"Cache-Control", "no-store"},
                        {"X-Robots-Tag", "noindex"},           {"X-Frame-Options", "DENY"}};
    return response;
}

}  // namespace garita::decision_links
