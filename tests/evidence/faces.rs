//! Faces: presence only, by a model the operator names; without one the evidence says so.

use hadir::evidence::photo::{
    face::{FaceDetector, ModelError},
    inspect::Examiner,
};

use crate::support::photos;

#[test]
fn without_a_model_nothing_is_checked_and_the_evidence_says_so() {
    let evidence = Examiner::default().inspect(&photos::room()).unwrap().evidence;
    let json = serde_json::to_value(&evidence).unwrap();
    assert_eq!(json["seen"]["faces"]["outcome"], "not_checked");
}

#[cfg(not(feature = "faces"))]
#[test]
fn a_build_without_face_detection_refuses_a_model_and_says_how_to_build() {
    let error = FaceDetector::read(b"any", 0.7).err().unwrap();
    assert!(matches!(error, ModelError::NotBuilt) && error.to_string().contains("--features faces"), "{error}");
}

#[cfg(feature = "faces")]
mod with_a_model {
    use hadir::evidence::photo::{
        face::Faces,
        remarks::{self, Circumstances},
    };
    use image::{Rgb, RgbImage};
    use jiff::tz::TimeZone;

    use super::*;
    use crate::support::{at, photos::jpeg};

    /// A model for which the bright half of a picture is a face: its input is 32 x 24.
    fn model() -> Vec<u8> {
        let float = |name: &str, dims: &[u64], values: &[f32]| {
            onnx::tensor(name, dims, 1, &values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>())
        };
        let shape: Vec<u8> = [1_i64, 2, 1].iter().flat_map(|side| side.to_le_bytes()).collect();
        let graph = onnx::graph(
            &[
                onnx::node("ReduceMean", &["input"], "grey", &[("axes", &[1])]),
                onnx::node("AveragePool", &["grey"], "halves", &[("kernel_shape", &[24, 16]), ("strides", &[24, 16])]),
                onnx::node("Reshape", &["halves", "shape"], "listed", &[]),
                onnx::node("Mul", &["listed", "steep"], "scaled", &[]),
                onnx::node("Sigmoid", &["scaled"], "face", &[]),
                onnx::node("Sub", &["one", "face"], "no_face", &[]),
                onnx::node_with_axis("Concat", &["no_face", "face"], "scores", 2),
                onnx::node("Identity", &["corners"], "boxes", &[]),
            ],
            &[
                onnx::tensor("shape", &[3], 7, &shape),
                float("steep", &[1], &[20.0]),
                float("one", &[1], &[1.0]),
                float("corners", &[1, 2, 4], &[0.0, 0.0, 0.5, 1.0, 0.5, 0.0, 1.0, 1.0]),
            ],
            &onnx::value("input", &[1, 3, 24, 32]),
            &[onnx::value("scores", &[1, 2, 2]), onnx::value("boxes", &[1, 2, 4])],
        );
        onnx::model(&graph)
    }

    fn examiner() -> Examiner {
        Examiner { faces: Some(FaceDetector::read(&model(), 0.7).expect("a model")), ..Examiner::default() }
    }

    fn halves(left: u8, right: u8) -> Vec<u8> {
        let grain = |x: u32, y: u32| ((x * 7 + y * 13) % 19) as u8;
        jpeg(&RgbImage::from_fn(320, 240, |x, y| Rgb([if x < 160 { left } else { right } + grain(x, y); 3])))
    }

    #[test]
    fn faces_are_counted_by_the_model_and_none_is_a_finding_with_the_best_score() {
        let examiner = examiner();
        for (photo, expected) in [(halves(220, 220), 2), (halves(220, 40), 1), (halves(40, 40), 0)] {
            let evidence = examiner.inspect(&photo).unwrap().evidence;
            let Faces::Checked { count, best_score, threshold } = evidence.seen.as_ref().unwrap().faces else {
                panic!("not checked")
            };
            assert_eq!((count, threshold), (expected, 0.7), "{best_score}");
            let circumstances =
                Circumstances { received_at: at("2026-11-23T00:05:00Z"), zone: &TimeZone::UTC, fix: None };
            let codes: Vec<&str> =
                remarks::findings(&evidence, &circumstances).iter().map(|finding| finding.code.as_str()).collect();
            assert_eq!(codes.contains(&"photo.no_face"), expected == 0, "{codes:?}");
        }
    }

    #[test]
    fn what_is_no_such_model_is_refused_with_what_is_wrong_with_it() {
        let refused = |onnx: &[u8]| match FaceDetector::read(onnx, 0.7) {
            Err(ModelError::Unusable(why)) => why,
            _ => panic!("taken"),
        };
        assert!(!refused(b"no model").is_empty());
        let flat = onnx::graph(
            &[onnx::node("Identity", &["input"], "scores", &[])],
            &[],
            &onnx::value("input", &[1, 24]),
            &[onnx::value("scores", &[1, 24])],
        );
        assert!(refused(&onnx::model(&flat)).contains("not [1, 3, height, width]"));
        let one = onnx::graph(
            &[onnx::node("Identity", &["input"], "scores", &[])],
            &[],
            &onnx::value("input", &[1, 3, 24, 32]),
            &[onnx::value("scores", &[1, 3, 24, 32])],
        );
        assert!(refused(&onnx::model(&one)).contains("1 outputs, not scores and boxes"));
    }

    /// As much of the ONNX format (protobuf) as a small model needs.
    mod onnx {
        fn varint(mut number: u64) -> Vec<u8> {
            let mut bytes = Vec::new();
            while number >= 0x80 {
                bytes.push(number as u8 | 0x80);
                number >>= 7;
            }
            bytes.push(number as u8);
            bytes
        }

        fn int(field: u64, number: u64) -> Vec<u8> {
            [varint(field << 3), varint(number)].concat()
        }

        fn bytes(field: u64, content: &[u8]) -> Vec<u8> {
            [varint(field << 3 | 2), varint(content.len() as u64), content.to_vec()].concat()
        }

        fn text(field: u64, content: &str) -> Vec<u8> {
            bytes(field, content.as_bytes())
        }

        fn ints(name: &str, values: &[u64]) -> Vec<u8> {
            let values: Vec<u8> = values.iter().flat_map(|value| int(8, *value)).collect();
            bytes(5, &[text(1, name), values, int(20, 7)].concat())
        }

        pub fn node(operation: &str, inputs: &[&str], output: &str, attributes: &[(&str, &[u64])]) -> Vec<u8> {
            let inputs: Vec<u8> = inputs.iter().flat_map(|input| text(1, input)).collect();
            let attributes: Vec<u8> = attributes.iter().flat_map(|(name, values)| ints(name, values)).collect();
            [inputs, text(2, output), text(3, output), text(4, operation), attributes].concat()
        }

        pub fn node_with_axis(operation: &str, inputs: &[&str], output: &str, axis: u64) -> Vec<u8> {
            let attribute = bytes(5, &[text(1, "axis"), int(3, axis), int(20, 2)].concat());
            [node(operation, inputs, output, &[]), attribute].concat()
        }

        /// `kind`: 1 is 32-bit floats, 7 is 64-bit integers; little-endian.
        pub fn tensor(name: &str, dims: &[u64], kind: u64, raw: &[u8]) -> Vec<u8> {
            let dims: Vec<u8> = dims.iter().flat_map(|side| int(1, *side)).collect();
            [dims, int(2, kind), text(8, name), bytes(9, raw)].concat()
        }

        pub fn value(name: &str, dims: &[u64]) -> Vec<u8> {
            let dims: Vec<u8> = dims.iter().flat_map(|side| bytes(1, &int(1, *side))).collect();
            let shape = bytes(1, &[int(1, 1), bytes(2, &dims)].concat());
            [text(1, name), bytes(2, &shape)].concat()
        }

        pub fn graph(nodes: &[Vec<u8>], constants: &[Vec<u8>], input: &[u8], outputs: &[Vec<u8>]) -> Vec<u8> {
            let nodes: Vec<u8> = nodes.iter().flat_map(|node| bytes(1, node)).collect();
            let constants: Vec<u8> = constants.iter().flat_map(|tensor| bytes(5, tensor)).collect();
            let outputs: Vec<u8> = outputs.iter().flat_map(|output| bytes(12, output)).collect();
            [nodes, text(2, "test"), constants, bytes(11, input), outputs].concat()
        }

        pub fn model(graph: &[u8]) -> Vec<u8> {
            [int(1, 7), bytes(7, graph), bytes(8, &int(2, 11))].concat()
        }
    }
}
