#include <utility>
#include <vector>

#include "runtime/config/json_text.hpp"
#include "runtime/config/reference.hpp"
#include "runtime/config/shape.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

/// An object whose values are finished JSON texts.
class JsonObject {
  public:
    JsonObject& put(std::string_view key, std::string json) {
        members_.emplace_back(key, std::move(json));
        return *this;
    }
    JsonObject& text(std::string_view key, std::string_view value) { return put(key, json_text(value)); }

    /// Members of nested objects move one step to the right.
    [[nodiscard]] std::string json() const {
        if (members_.empty()) return {};
        std::string out = "{";
        for (const auto& [key, value] : members_) {
            out += out.size() > 1 ? ",\n  " : "\n  ";
            out += json_text(key) + ": ";
            for (const char c : value) {
                out += c;
                if (c == '\n') out += "  ";
            }
        }
        return out + "\n}";
    }

  private:
    std::vector<std::pair<std::string, std::string>> members_;
};

std::string array(const std::vector<std::string>& items) {
    std::string out = "[";
    for (const std::string& item : items)
        out += (out.size() > 1 ? ", " : "") + item;
    return out + ']';
}

JsonObject text_like(std::string_view pattern) {
    return JsonObject().text("type", "string").text("pattern", pattern);
}

JsonObject integer_between(std::string_view range) {
    JsonObject object;
    object.text("type", "integer");
    if (const auto bounds = parse_integer_range(range))
        object.put("minimum", std::to_string(bounds->least)).put("maximum", std::to_string(bounds->greatest));
    return object;
}

JsonObject any_of(const std::vector<JsonObject>& schemas) {
    std::vector<std::string> items;
    for (const JsonObject& schema : schemas)
        items.push_back(schema.json());
    return JsonObject().put("anyOf", array(items));
}

JsonObject choice_of(std::string_view names) {
    std::vector<std::string> items;
    for (const std::string_view name : split_names(names))
        items.push_back(json_text(name));
    return JsonObject().put("enum", array(items));
}

JsonObject secret_of(std::string_view least) {
    std::vector<JsonObject> forms = {
        JsonObject().text("type", "string").put("minLength", std::string(least))};
    for (const std::string_view place : {"file", "env", "credential"})
        forms.push_back(JsonObject()
                            .text("type", "object")
                            .put("properties", JsonObject().put(place, text_like("^.+$").json()).json())
                            .put("required", array({json_text(place)}))
                            .put("additionalProperties", "false"));
    return any_of(forms);
}

JsonObject span_of(std::string_view range) {
    const bool or_never = range.ends_with("|never");
    return text_like(or_never ? R"(^(never|(?=\d)(\d+d)?(\d+h)?(\d+m)?(\d+s)?)$)"
                              : R"(^(?=\d)(\d+d)?(\d+h)?(\d+m)?(\d+s)?$)");
}

JsonObject leaf(const Setting& setting) {
    switch (setting.type) {
        case ValueType::integer:
            return integer_between(setting.range);
        case ValueType::percent:
            return any_of({integer_between(setting.range), text_like(R"(^\d{1,3}%$)")});
        case ValueType::choice:
            return choice_of(setting.range);
        case ValueType::secret:
            return secret_of(setting.range);
        case ValueType::span:
            return span_of(setting.range);
        case ValueType::name:
            return text_like("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$");
        case ValueType::path:
        case ValueType::file:
        case ValueType::glob:
            return text_like("^/");
        case ValueType::endpoint:
            return text_like(R"(^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d{1,5}$)");
        case ValueType::url:
            return text_like("^(" + std::string(setting.range) + ")://[^@]+$");
        case ValueType::language:
            return text_like("^[a-z]{2,3}(_[A-Z]{2})?$");
        case ValueType::network:
            return text_like(R"(^[0-9A-Fa-f:.]+(/\d{1,3})?$)");
        case ValueType::status:
            return any_of({integer_between("100..599"), text_like(R"(^([1-5]xx|[1-5]\d\d(-[1-5]\d\d)?)$)")});
        case ValueType::pin:
            return text_like("^sha256:([0-9A-Fa-f]{2}:?){32}$");
        case ValueType::mail:
            return text_like("^[^@ ]+@[^@ ]+$");
        case ValueType::key:
            return text_like("^(openpgp|smime):[0-9A-Fa-f: ]+$");
        case ValueType::ports:
            return any_of({integer_between("0..65535"), text_like("^[0-9, -]*(all)?$"),
                           JsonObject().put("type", json_text("array"))});
        case ValueType::digest:
            return text_like("^([0-9A-Fa-f]{2}:?){32}$");
        case ValueType::weekly:
            return text_like(R"(^(daily|[a-z]{3}(-[a-z]{3})?) \d\d:\d\d-\d\d:\d\d$)");
        case ValueType::address:
            return text_like("^[0-9A-Fa-f:.]+$");
        case ValueType::listen:
            return text_like(R"(^(udp|tcp|tls) (\[[0-9A-Fa-f:.]+\]|[0-9.]+):\d{1,5}$)");
        case ValueType::date:
            return text_like(R"(^(\d{4}-)?\d\d-\d\d(\.\.\d{4}-\d\d-\d\d)?$)");
        case ValueType::host_key:
            return text_like("^SHA256:[A-Za-z0-9+/]{43}=?$");
        case ValueType::switch_ports:
            return text_like(R"(^[A-Za-z-]+ ?\d+(/\d+)*( ?- ?\d+)?$)");
        case ValueType::yes_no:  // YAML 1.2 reads yes and no as texts, older readers as booleans
            return JsonObject().put("enum", R"([true, false, "yes", "no", "on", "off"])");
        case ValueType::section:
        case ValueType::text:
        case ValueType::param:
        case ValueType::zone:
        case ValueType::regex:
            return text_like("^.+$");
    }
    return {};
}

std::string schema_of(const Shape& shape);

std::string key_pattern(std::string_view range) {
    if (range == "host") return "^[A-Za-z0-9:][A-Za-z0-9._:/-]*$";
    return range == "port" ? "^[1-9][0-9]{0,4}$" : "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";
}

JsonObject map_of(const Shape& shape) {
    JsonObject object;
    object.put("type", R"(["object", "null"])");
    if (shape.any_key) {
        object.put("additionalProperties", schema_of(*shape.any_key));
        object.put("propertyNames",
                   text_like(key_pattern(shape.any_key->setting == nullptr ? std::string_view()
                                                                           : shape.any_key->setting->range))
                       .json());
        return object;
    }
    JsonObject properties;
    std::vector<std::string> required;
    for (const auto& [key, child] : shape.keys) {
        properties.put(key, schema_of(child));
        if (child.setting->need == Need::required) required.push_back(json_text(key));
    }
    object.put("properties", properties.json()).put("additionalProperties", "false");
    if (!required.empty()) object.put("required", array(required));
    return object;
}

JsonObject list_of(const Shape& shape) {
    JsonObject list;
    list.put("type", R"(["array", "null"])").put("items", schema_of(*shape.item));
    if (shape.setting->need == Need::required) list.put("minItems", "1");
    return list;
}

/// The schema of the value itself, with the help and the default beside it.
std::string schema_of(const Shape& shape) {
    JsonObject object = shape.is_map()    ? map_of(shape)
                        : shape.is_list() ? list_of(shape)
                                          : leaf(*shape.setting);
    object.text("description", shape.setting->help);
    if (shape.is_leaf() && !shape.setting->fallback.empty()) {
        const bool number = parse_integer(shape.setting->fallback).has_value();
        object.put("default",
                   number ? std::string(shape.setting->fallback) : json_text(shape.setting->fallback));
    }
    return object.json();
}

}  // namespace

std::string json_schema(FileKind kind) {
    JsonObject root = map_of(shape_of(kind));
    root.text("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.text("title", "Garita: the " + std::string(to_string(kind)) + "'s file");
    return root.json() + '\n';
}

}  // namespace garita::runtime
