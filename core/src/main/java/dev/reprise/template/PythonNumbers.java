package dev.reprise.template;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Python's numbers: integers of any size, and floats as Python prints them. */
final class PythonNumbers {
    private static final int MAX_BITS = 1 << 16;
    private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);

    private PythonNumbers() {}

    /** The integer as a {@link Long} where it fits. */
    static Object integer(BigInteger value) {
        if (value.bitLength() > MAX_BITS) {
            throw TemplateErrors.evaluation("an integer has more than " + MAX_BITS + " bits");
        }
        boolean fits = value.compareTo(MIN_LONG) >= 0 && value.compareTo(MAX_LONG) <= 0;
        return fits ? (Object) value.longValue() : value;
    }

    static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof BigInteger || value instanceof Boolean;
    }

    static BigInteger toBig(Object value) {
        return switch (value) {
            case Long n -> BigInteger.valueOf(n);
            case BigInteger n -> n;
            case Boolean b -> b ? BigInteger.ONE : BigInteger.ZERO;
            default ->
                throw PythonTypes.typeError(
                        "'%s' object cannot be interpreted as an integer".formatted(PythonTypes.nameOf(value)));
        };
    }

    /** An integer that an index or a count can be; beyond that range, the range's end. */
    static long toLong(Object value) {
        if (value instanceof Long n) {
            return n;
        }
        BigInteger n = toBig(value);
        return n.min(MAX_LONG).max(MIN_LONG).longValue();
    }

    static double toDouble(Object value) {
        return switch (value) {
            case Double d -> d;
            case Long n -> n;
            default -> bigToDouble(toBig(value));
        };
    }

    private static double bigToDouble(BigInteger value) {
        double d = value.doubleValue();
        if (Double.isInfinite(d)) {
            throw TemplateErrors.evaluation("int too large to convert to float");
        }
        return d;
    }

    static Object arithmetic(String operator, Object left, Object right) {
        if (left instanceof Long a && right instanceof Long b) {
            return longArithmetic(operator, a, b);
        }
        return isInteger(left) && isInteger(right)
                ? bigArithmetic(operator, toBig(left), toBig(right))
                : floatArithmetic(operator, toDouble(left), toDouble(right));
    }

    private static Object longArithmetic(String operator, long a, long b) {
        switch (operator) {
            case "+" -> {
                long sum = a + b;
                if (((a ^ sum) & (b ^ sum)) >= 0) {
                    return sum;
                }
            }
            case "-" -> {
                long difference = a - b;
                if (((a ^ b) & (a ^ difference)) >= 0) {
                    return difference;
                }
            }
            case "%" -> {
                if (b != 0) {
                    return Math.floorMod(a, b);
                }
            }
            default -> {}
        }
        return bigArithmetic(operator, BigInteger.valueOf(a), BigInteger.valueOf(b));
    }

    private static Object bigArithmetic(String operator, BigInteger a, BigInteger b) {
        return switch (operator) {
            case "+" -> integer(a.add(b));
            case "-" -> integer(a.subtract(b));
            case "*" -> integer(a.multiply(b));
            case "/" -> divide(a, b);
            case "//" -> integer(floorDivide(a, nonZero(b)));
            case "%" -> integer(a.subtract(floorDivide(a, nonZero(b)).multiply(b)));
            default -> power(a, b);
        };
    }

    private static BigInteger nonZero(BigInteger divisor) {
        if (divisor.signum() == 0) {
            throw TemplateErrors.evaluation("integer division or modulo by zero");
        }
        return divisor;
    }

    private static BigInteger floorDivide(BigInteger a, BigInteger b) {
        BigInteger[] parts = a.divideAndRemainder(b);
        return parts[1].signum() != 0 && parts[1].signum() != b.signum() ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    private static Object divide(BigInteger a, BigInteger b) {
        if (b.signum() == 0) {
            throw TemplateErrors.evaluation("division by zero");
        }
        if (a.bitLength() <= 53 && b.bitLength() <= 53) {
            return a.doubleValue() / b.doubleValue();
        }
        throw TemplateErrors.evaluation("division of integers beyond 2^53 is not supported");
    }

    private static Object power(BigInteger a, BigInteger b) {
        if (b.signum() < 0) {
            return floatArithmetic("**", bigToDouble(a), bigToDouble(b));
        }
        if (a.abs().bitLength() <= 1) {
            boolean odd = b.testBit(0);
            return integer(a.signum() < 0 && !odd ? BigInteger.ONE : b.signum() == 0 ? BigInteger.ONE : a);
        }
        if (b.bitLength() > 31 || (long) a.bitLength() * b.intValue() > MAX_BITS) {
            throw TemplateErrors.evaluation("an integer has more than " + MAX_BITS + " bits");
        }
        return integer(a.pow(b.intValue()));
    }

    private static Object floatArithmetic(String operator, double a, double b) {
        if (b == 0
                && !operator.equals("+")
                && !operator.equals("-")
                && !operator.equals("*")
                && !operator.equals("**")) {
            throw TemplateErrors.evaluation("float division by zero");
        }
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor((a - floorModulo(a, b)) / b + 0.5);
            case "%" -> floorModulo(a, b);
            default -> floatPower(a, b);
        };
    }

    private static double floatPower(double a, double b) {
        if ((a == 0 && b < 0) || (a < 0 && b != Math.rint(b))) {
            throw TemplateErrors.evaluation("this power of a float is not supported");
        }
        double result = Math.pow(a, b);
        if (Double.isInfinite(result) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
            throw TemplateErrors.evaluation("numerical result out of range");
        }
        return result;
    }

    private static double floorModulo(double a, double b) {
        double remainder = a % b;
        if (remainder == 0) {
            return Math.copySign(0.0, b);
        }
        return (remainder < 0) == (b < 0) ? remainder : remainder + b;
    }

    static Object negate(Object value) {
        return value instanceof Double d ? (Object) (-d) : integer(toBig(value).negate());
    }

    static int compare(Object left, Object right) {
        if (left instanceof Long a && right instanceof Long b) {
            return Long.compare(a, b);
        }
        if (isInteger(left) && isInteger(right)) {
            return toBig(left).compareTo(toBig(right));
        }
        double a = left instanceof Double d ? d : Double.NaN;
        double b = right instanceof Double d ? d : Double.NaN;
        boolean finite =
                !(left instanceof Double && !Double.isFinite(a)) && !(right instanceof Double && !Double.isFinite(b));
        return finite ? exact(left).compareTo(exact(right)) : Double.compare(toDouble(left), toDouble(right));
    }

    private static BigDecimal exact(Object value) {
        return value instanceof Double d ? new BigDecimal(d) : new BigDecimal(toBig(value));
    }

    static boolean isNaN(Object value) {
        return value instanceof Double d && Double.isNaN(d);
    }

    /** {@code repr} of a float: the shortest digits that read back the same, with an exponent from 1e16 and below 1e-4. */
    static String repr(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = shortest(Math.abs(value));
        String digits = shortest.unscaledValue().toString();
        int exponent = digits.length() - shortest.scale() - 1;
        String sign = value < 0 ? "-" : "";
        return sign
                + (exponent < -4 || exponent >= 16
                        ? scientific(digits, exponent)
                        : shortest.toPlainString() + (shortest.scale() <= 0 ? ".0" : ""));
    }

    private static String scientific(String digits, int exponent) {
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        return "%c%se%s%02d".formatted(digits.charAt(0), fraction, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    /** Java prints at least two digits; where one is enough, it is the one that Python prints. */
    private static BigDecimal shortest(double value) {
        BigDecimal printed = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (printed.precision() == 2) {
            BigDecimal single = printed.round(new java.math.MathContext(1));
            if (single.doubleValue() == value) {
                return single.stripTrailingZeros();
            }
        }
        return printed;
    }
}
