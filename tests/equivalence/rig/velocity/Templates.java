import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.PathNotFoundException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.minidev.json.JSONArray;
import net.minidev.json.JSONStyle;
import net.minidev.json.JSONValue;
import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.app.event.EventCartridge;
import org.apache.velocity.app.event.InvalidReferenceEventHandler;
import org.apache.velocity.context.Context;
import org.apache.velocity.runtime.log.NullLogChute;
import org.apache.velocity.runtime.resource.loader.StringResourceLoader;
import org.apache.velocity.util.introspection.Info;

/**
 * Renders mapping templates with the variables that API Gateway gives them.
 *
 * <p>A line of standard input is a JSON object {template, body, parameters, context, stageVariables};
 * a line of standard output is {"blank": RENDERED, "stock": RENDERED}, where RENDERED is {output,
 * context} or {error}. The two differ in what is not documented: a reference to nothing is the empty
 * string or what Velocity makes of it, and the JSON of null is an empty text or null.
 */
public final class Templates {
    /** The documented limit of rounds in a loop. */
    private static final int ROUNDS = 1000;

    private final VelocityEngine engine = new VelocityEngine();

    public static void main(String[] arguments) throws Exception {
        Templates templates = new Templates();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("blank", templates.render(line, true));
            answer.put("stock", templates.render(line, false));
            out.println(JSONValue.toJSONString(answer, JSONStyle.NO_COMPRESS));
        }
    }

    private Templates() {
        engine.setProperty("runtime.log.logsystem.class", NullLogChute.class.getName());
        engine.setProperty("directive.foreach.maxloops", String.valueOf(ROUNDS));
        // A loader that holds nothing: #include and #parse find no file, as in API Gateway.
        engine.setProperty("resource.loader", "none");
        engine.setProperty("none.resource.loader.class", StringResourceLoader.class.getName());
        engine.init();
    }

    /** The line is parsed for each rendering, since a template changes its context. */
    private Map<String, Object> render(String line, boolean blank) {
        Map<String, Object> rendered = new LinkedHashMap<>();
        try {
            Map<?, ?> asked = (Map<?, ?>) Json.parse(line);
            VelocityContext variables = new VelocityContext();
            String body = (String) asked.get("body");
            variables.put("input", new Input(body, (Map<?, ?>) asked.get("parameters"), blank));
            variables.put("util", new Util());
            variables.put("context", asked.get("context"));
            variables.put("stageVariables", asked.get("stageVariables"));
            if (blank) {
                EventCartridge events = new EventCartridge();
                events.addEventHandler(new Blank());
                events.attachToContext(variables);
            }
            StringWriter output = new StringWriter();
            engine.evaluate(variables, output, "mapping template", (String) asked.get("template"));
            rendered.put("output", output.toString());
            rendered.put("context", asked.get("context"));
        } catch (RuntimeException | StackOverflowError fault) {
            rendered.put("error", fault.getClass().getSimpleName() + ": " + fault.getMessage());
        }
        return rendered;
    }

    /** A reference to nothing is the empty string, in the output and in comparisons. */
    private static final class Blank implements InvalidReferenceEventHandler {
        @Override
        public Object invalidGetMethod(Context context, String name, Object object, String property, Info info) {
            return "";
        }

        @Override
        public boolean invalidSetMethod(Context context, String left, String right, Info info) {
            return false;
        }

        @Override
        public Object invalidMethod(Context context, String name, Object object, String method, Info info) {
            return "";
        }
    }

    /** The variable $input. */
    public static final class Input {
        private static final Object UNREADABLE = new Object();

        private final String body;
        private final Map<?, ?> parameters;
        private final boolean blank;
        private final Object root;

        Input(String body, Map<?, ?> parameters, boolean blank) {
            this.body = body == null || body.isEmpty() ? "{}" : body;
            this.parameters = parameters;
            this.blank = blank;
            this.root = rootOf(this.body);
        }

        private static Object rootOf(String body) {
            try {
                return Json.parse(body);
            } catch (IllegalArgumentException fault) {
                return UNREADABLE;
            }
        }

        public String getBody() {
            return body;
        }

        public Object path(String path) {
            if (root == UNREADABLE || root == null) {
                return null;
            }
            try {
                return JsonPath.read(root, path.startsWith("$") ? path : "$." + path);
            } catch (PathNotFoundException | IllegalArgumentException | ClassCastException nothing) {
                return null;
            }
        }

        /** What is not there is an empty text; whether null is, too, is a reading as well. */
        public String json(String path) {
            if (root == null && path.equals("$")) {
                return "null";
            }
            Object value = path(path);
            if (value != null) {
                return JSONValue.toJSONString(value, JSONStyle.NO_COMPRESS);
            }
            return blank || !isThere(path) ? "\"\"" : "null";
        }

        private boolean isThere(String path) {
            if (root == UNREADABLE || root == null) {
                return false;
            }
            try {
                JsonPath.read(root, path.startsWith("$") ? path : "$." + path);
                return true;
            } catch (PathNotFoundException | IllegalArgumentException | ClassCastException nothing) {
                return false;
            }
        }

        public Map<?, ?> params() {
            return parameters;
        }

        public Object params(String name) {
            for (String place : List.of("path", "querystring", "header")) {
                if (parameters.get(place) instanceof Map<?, ?> values && values.containsKey(name)) {
                    return values.get(name);
                }
            }
            return "";
        }
    }

    /** The variable $util. */
    public static final class Util {
        public String escapeJavaScript(Object value) {
            return value == null ? "null" : StringEscapeUtils.escapeJavaScript(value.toString());
        }

        public Object parseJson(String text) {
            return Json.parse(text);
        }

        public String urlEncode(Object value) {
            return URLEncoder.encode(value == null ? "" : value.toString(), StandardCharsets.UTF_8);
        }

        public String urlDecode(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }

        public String base64Encode(Object value) {
            return Base64.getEncoder().encodeToString(String.valueOf(value).getBytes(StandardCharsets.UTF_8));
        }

        public String base64Decode(String text) {
            return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
        }
    }

    /**
     * JSON into maps that print as {a=1} and lists that print as JSON: the mixture that API Gateway
     * prints. The parser of json-smart as Debian packs it fails on arrays of four hundred objects.
     */
    private static final class Json {
        private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");
        private static final int DEPTH = 500;

        private final String text;
        private int at;

        private Json(String text) {
            this.text = text;
        }

        static Object parse(String text) {
            Json json = new Json(text);
            Object value = json.value(0);
            json.space();
            if (json.at != text.length()) {
                throw json.fault();
            }
            return value;
        }

        private Object value(int depth) {
            space();
            if (depth > DEPTH) {
                throw fault();
            }
            switch (here()) {
                case '{':
                    return object(depth);
                case '[':
                    return array(depth);
                case '"':
                    return string();
                case 't':
                    return word("true", true);
                case 'f':
                    return word("false", false);
                case 'n':
                    return word("null", null);
                default:
                    return number();
            }
        }

        private Map<String, Object> object(int depth) {
            Map<String, Object> members = new LinkedHashMap<>();
            at++;
            if (ends('}')) {
                return members;
            }
            do {
                space();
                String name = string();
                space();
                take(':');
                members.put(name, value(depth + 1));
            } while (goesOn('}'));
            return members;
        }

        private JSONArray array(int depth) {
            JSONArray elements = new JSONArray();
            at++;
            if (ends(']')) {
                return elements;
            }
            do {
                elements.add(value(depth + 1));
            } while (goesOn(']'));
            return elements;
        }

        private String string() {
            take('"');
            StringBuilder string = new StringBuilder();
            for (char letter = next(); letter != '"'; letter = next()) {
                if (letter < ' ') {
                    throw fault();
                }
                string.append(letter == '\\' ? escaped(next()) : letter);
            }
            return string.toString();
        }

        private char escaped(char letter) {
            int known = "\"\\/bfnrt".indexOf(letter);
            if (known >= 0) {
                return "\"\\/\b\f\n\r\t".charAt(known);
            }
            if (letter != 'u' || at + 4 > text.length()) {
                throw fault();
            }
            at += 4;
            return (char) Integer.parseInt(text.substring(at - 4, at), 16);
        }

        private Object word(String word, Object value) {
            if (!text.startsWith(word, at)) {
                throw fault();
            }
            at += word.length();
            return value;
        }

        /** A number that fits no double keeps its digits, as in json-smart. */
        private Object number() {
            Matcher number = NUMBER.matcher(text).region(at, text.length());
            if (!number.lookingAt()) {
                throw fault();
            }
            at = number.end();
            if (number.group(1) != null || number.group(2) != null) {
                return number.group().length() > 18 ? new BigDecimal(number.group()) : Double.valueOf(number.group());
            }
            BigInteger whole = new BigInteger(number.group());
            if (whole.bitLength() < Integer.SIZE) {
                return whole.intValue();
            }
            return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : whole;
        }

        private boolean ends(char end) {
            space();
            if (here() != end) {
                return false;
            }
            at++;
            return true;
        }

        private boolean goesOn(char end) {
            if (ends(end)) {
                return false;
            }
            take(',');
            return true;
        }

        private void space() {
            while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private char here() {
            if (at >= text.length()) {
                throw fault();
            }
            return text.charAt(at);
        }

        private char next() {
            char letter = here();
            at++;
            return letter;
        }

        private void take(char letter) {
            if (next() != letter) {
                throw fault();
            }
        }

        private IllegalArgumentException fault() {
            return new IllegalArgumentException("no JSON at " + at);
        }
    }
}
