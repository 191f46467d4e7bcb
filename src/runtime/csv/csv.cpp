#include "runtime/csv/csv.hpp"

#include <algorithm>

namespace garita::runtime {

CsvReader::CsvReader(std::string_view text) : rest_(text) {
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    if (rest_.starts_with(mark)) rest_.remove_prefix(mark.size());
}

bool CsvReader::next(CsvRecord& record) {
    while (!rest_.empty()) {
        const auto end = rest_.find('\n');
        auto line = rest_.substr(0, end);
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        ++line_;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) continue;
        record.line = line_;
        split(line, record);
        return true;
    }
    return false;
}

void CsvReader::split(std::string_view line, CsvRecord& record) {
    record.fields.clear();
    record.error.clear();
    unquoted_.clear();
    while (record.error.empty()) {
        if (line.starts_with('"')) {
            record.fields.push_back(quoted(line, record));
        } else {
            const auto end = std::min(line.find(','), line.size());
            record.fields.push_back(line.substr(0, end));
            line.remove_prefix(end);
            if (record.fields.back().find('"') != std::string_view::npos)
                record.error = "a quote within a field without quotes";
        }
        if (line.empty()) return;
        line.remove_prefix(1);  // the comma
    }
}

std::string_view CsvReader::quoted(std::string_view& line, CsvRecord& record) {
    std::string* with_quotes = nullptr;
    line.remove_prefix(1);
    auto whole = line;
    for (;;) {
        const auto end = line.find('"');
        if (end == std::string_view::npos) {
            record.error = "a quote that does not end on its line";
            line = {};
            return {};
        }
        if (with_quotes != nullptr) with_quotes->append(line.substr(0, end));
        const auto length = static_cast<std::size_t>(line.data() - whole.data()) + end;
        line.remove_prefix(end + 1);
        if (!line.starts_with('"')) {
            if (!line.empty() && line[0] != ',') {
                record.error = "something stands behind a quote's end";
                line = {};
            }
            return with_quotes != nullptr ? std::string_view(*with_quotes) : whole.substr(0, length);
        }
        if (with_quotes == nullptr) with_quotes = &unquoted_.emplace_back(whole.substr(0, length));
        with_quotes->push_back('"');
        line.remove_prefix(1);
    }
}

std::string csv_field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c == '\n' || c == '\r' ? ' ' : c;
    }
    return out + '"';
}

}  // namespace garita::runtime
