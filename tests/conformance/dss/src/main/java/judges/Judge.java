package judges;

import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Ask two outside judges about sealed files: {@code Judge ROOT.pem FILE.pdf...}; one line of name=value pairs a file.
 *
 * <p>EU DSS says whether the signature holds under the given root alone, offline, and which PAdES level it reaches;
 * veraPDF says whether the file is PDF/A-3b. Whatever either of them remarks is printed below the line.
 */
public final class Judge {
    private Judge() {}

    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (String name : List.of(arguments).subList(1, arguments.length)) {
            File file = new File(name);
            System.out.println(seal(new File(arguments[0]), file) + page(file));
        }
    }

    private static String seal(File root, File file) {
        SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(file));
        validator.setCertificateVerifier(trusting(root));
        Reports reports = validator.validateDocument();
        SimpleReport found = reports.getSimpleReport();
        DiagnosticData seen = reports.getDiagnosticData();
        StringBuilder told = new StringBuilder("file=" + file.getName());
        told.append(" signatures=").append(found.getSignatureIdList().size());
        for (String id : found.getSignatureIdList()) {
            told.append(" indication=").append(found.getIndication(id));
            told.append(" sub=").append(found.getSubIndication(id));
            told.append(" level=").append(found.getSignatureFormat(id));
            told.append(" timestamps=").append(seen.getSignatureById(id).getTimestampList().size());
            told.append(" subfilter=").append(seen.getSignatureById(id).getSubFilter());
            told.append(" docmdp=").append(permission(seen.getSignatureById(id)));
            told.append(remarks("error", found.getAdESValidationErrors(id)));
            told.append(remarks("warning", found.getAdESValidationWarnings(id)));
            told.append(remarks("info", found.getAdESValidationInfo(id)));
        }
        return told.toString();
    }

    private static String permission(SignatureWrapper signature) {
        return String.valueOf(signature.getDocMDPPermissions());
    }

    private static CommonCertificateVerifier trusting(File root) {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        trusted.addCertificate(DSSUtils.loadCertificate(root));
        CommonCertificateVerifier verifier = new CommonCertificateVerifier(true);
        verifier.setTrustedCertSources(trusted);
        verifier.setAIASource(null);
        return verifier;
    }

    private static String page(File file) throws Exception {
        try (FileInputStream bytes = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(bytes, PDFAFlavour.PDFA_3_B)) {
            ValidationResult found =
                    Foundries.defaultInstance().createValidator(PDFAFlavour.PDFA_3_B, false).validate(parser);
            return "\npdfa-3b=" + found.isCompliant() + failures(found);
        }
    }

    private static String failures(ValidationResult found) throws IOException {
        return found.getTestAssertions().stream()
                .filter(one -> one.getStatus() == TestAssertion.Status.FAILED)
                .map(one -> "\n  rule " + one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber() + ": "
                        + one.getMessage() + " @ " + one.getLocation().getContext())
                .collect(Collectors.joining());
    }

    private static String remarks(String kind, List<Message> messages) {
        return messages.stream().map(one -> "\n  " + kind + ": " + one.getValue()).collect(Collectors.joining());
    }
}
