#include "runtime/config/reference.hpp"
#include "runtime/config/shape.hpp"
#include "runtime/config/value_check.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

std::string margin(std::size_t depth) {
    return std::string(depth * 2, ' ');
}

/// Folds the text into comment lines of at most 110 characters.
std::string comment(std::string_view text, std::size_t depth) {
    constexpr std::size_t width = 110;
    const std::string start = margin(depth) + "# ";
    std::string out;
    std::string line = start;
    for (const std::string_view word : split_names(text, ' ')) {
        if (line.size() > start.size() && line.size() + word.size() + 1 > width) {
            out += line + '\n';
            line = start;
        }
        if (line.size() > start.size()) line += ' ';
        line += word;
    }
    return out + line + '\n';
}

/// A plain YAML word as it is; what YAML would read otherwise, in quotes.
std::string yaml_value(const Setting& setting) {
    const std::string_view value = setting.sample.empty() ? setting.fallback : setting.sample;
    const bool needs_quotes = setting.type == ValueType::network && value.find(':') != std::string_view::npos;
    return needs_quotes ? '"' + std::string(value) + '"' : std::string(value);
}

void write(const Shape& shape, std::size_t depth, std::string& out);

void write_key(const std::string& key, const Shape& shape, std::size_t depth, std::string& out) {
    const Setting& setting = *shape.setting;
    const std::string value = yaml_value(setting);
    if (depth == 0) out += '\n';
    out += comment(setting.help, depth);
    if (shape.is_leaf()) {
        // without a default or a sample there is nothing sensible to set
        const std::string place = value.empty() ? "# " : "";
        out += margin(depth) + place + key + ':' + (value.empty() ? "" : ' ' + value) + '\n';
    } else if (shape.is_list() && shape.item->is_leaf()) {
        const std::string list =
            setting.fallback.empty() ? '[' + yaml_value(*shape.item->setting) + ']' : value;
        out += margin(depth) + key + ": " + list + '\n';
    } else {
        out += margin(depth) + key + ":\n";
        write(shape, depth + 1, out);
    }
}

void write(const Shape& shape, std::size_t depth, std::string& out) {
    if (shape.is_list()) {
        std::string entry;
        write(*shape.item, depth + 1, entry);

        out += margin(depth) + "-\n" + entry;
    } else if (shape.any_key) {
        const Setting& setting = *shape.any_key->setting;
        out += comment(setting.help, depth) + margin(depth) + std::string(setting.sample);
        out += shape.any_key->is_leaf() ? "\n" : ":\n";
        if (!shape.any_key->is_leaf()) write(*shape.any_key, depth + 1, out);
    } else {
        for (const auto& [key, child] : shape.keys)
            write_key(key, child, depth, out);
    }
}

}  // namespace

std::string annotated_example(FileKind kind) {
    std::string out = "# Every setting of the " + std::string(to_string(kind)) +
                      "'s file, with its default or a sample. Leave out what you do not change.\n";
    write(shape_of(kind), 0, out);
    return out;
}

}  // namespace garita::runtime
