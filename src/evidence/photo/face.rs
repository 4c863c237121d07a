//! Is there a person? Presence only, by a model the operator supplies: who it is, is not asked, and nothing of a face
//! is kept.
//!
//! The model is an ONNX file of the kind "Ultra-Light-Fast-Generic-Face-Detector" (MIT): one input of the shape
//! `[1, 3, height, width]` with the values `(level - 127) / 128`, and two outputs, `[1, n, 2]` scores (not a face, a
//! face) and `[1, n, 4]` boxes (left, top, right, bottom as shares of the picture). Without a model nothing is checked,
//! and the evidence says so.

use serde::{Deserialize, Serialize};

use super::luma::Luma;

/// What was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Faces {
    /// No model is configured.
    #[default]
    NotChecked,
    /// The model could not run on this picture.
    Failed,
    /// The model ran.
    Checked {
        /// Faces whose boxes hardly overlap.
        count: u32,
        /// The best score of any box, 0 to 1.
        best_score: f64,
        /// From this score on a box counts.
        threshold: f64,
    },
}

/// Why a model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// It is no ONNX model, or has other inputs and outputs than expected.
    #[error("the face model cannot be used: {0}")]
    Unusable(String),
    /// The program was built without the library that runs models.
    #[error("this program was built without face detection; build it with `--features faces`")]
    NotBuilt,
}

/// Two boxes that share more of their area than this are one face.
#[cfg(feature = "faces")]
const SAME_FACE_OVERLAP: f32 = 0.3;

/// A model that was read and optimised.
pub struct FaceDetector {
    #[cfg(feature = "faces")]
    plan: std::sync::Arc<tract_onnx::prelude::TypedRunnableModel>,
    #[cfg(feature = "faces")]
    width: usize,
    #[cfg(feature = "faces")]
    height: usize,
    #[cfg(feature = "faces")]
    threshold: f64,
}

#[cfg(not(feature = "faces"))]
impl FaceDetector {
    /// Reads a model.
    ///
    /// # Errors
    /// Always [`ModelError::NotBuilt`].
    pub fn read(_onnx: &[u8], _threshold: f64) -> Result<Self, ModelError> {
        Err(ModelError::NotBuilt)
    }

    /// Looks for faces.
    pub fn look(&self, _picture: &Luma) -> Faces {
        Faces::NotChecked
    }
}

#[cfg(feature = "faces")]
mod tract {
    use tract_onnx::prelude::*;

    use super::{FaceDetector, Faces, Luma, ModelError, SAME_FACE_OVERLAP};

    impl FaceDetector {
        /// Reads a model; a box counts from `threshold` on.
        ///
        /// # Errors
        /// [`ModelError::Unusable`] when it is no model or has other inputs and outputs than described above.
        pub fn read(onnx: &[u8], threshold: f64) -> Result<Self, ModelError> {
            let model = onnx_model(onnx).map_err(unusable)?;
            let shape = model.input_fact(0).map_err(unusable)?.shape.as_concrete().map(<[usize]>::to_vec);
            let Some([1, 3, height, width]) = shape.as_deref() else {
                return Err(ModelError::Unusable(format!("its input is {shape:?}, not [1, 3, height, width]")));
            };
            let (width, height) = (*width, *height);
            let outputs = model.outputs.len();
            if outputs != 2 {
                return Err(ModelError::Unusable(format!("it has {outputs} outputs, not scores and boxes")));
            }
            let plan = model.into_runnable().map_err(unusable)?;
            let detector = Self { plan, width, height, threshold };
            // The shapes of the outputs show on a picture only.
            let grey = Luma { width, height, pixels: vec![127; width * height] };
            detector.run(&grey)?;
            Ok(detector)
        }

        /// Looks for faces.
        pub fn look(&self, picture: &Luma) -> Faces {
            let Ok((scores, boxes)) = self.run(picture) else { return Faces::Failed };
            let best_score = f64::from(scores.iter().copied().fold(0.0, f32::max));
            let mut counted: Vec<(f32, [f32; 4])> =
                scores.into_iter().zip(boxes).filter(|(score, _)| f64::from(*score) >= self.threshold).collect();
            counted.sort_by(|a, b| b.0.total_cmp(&a.0));
            let mut faces: Vec<[f32; 4]> = Vec::new();
            for (_, place) in counted {
                if faces.iter().all(|face| overlap(face, &place) <= SAME_FACE_OVERLAP) {
                    faces.push(place);
                }
            }
            Faces::Checked { count: faces.len() as u32, best_score, threshold: self.threshold }
        }

        fn run(&self, picture: &Luma) -> Result<(Vec<f32>, Vec<[f32; 4]>), ModelError> {
            let small = picture.resized(picture.whole(), self.width, self.height);
            let plane: Vec<f32> = small.pixels.iter().map(|level| (f32::from(*level) - 127.0) / 128.0).collect();
            let input = Tensor::from_shape(&[1, 3, self.height, self.width], &plane.repeat(3)).map_err(unusable)?;
            let outputs = self.plan.run(tvec!(input.into())).map_err(unusable)?;
            let shapes: Vec<&[usize]> = outputs.iter().map(|output| output.shape()).collect();
            let count = match shapes.as_slice() {
                [[1, scores, 2], [1, boxes, 4]] if scores == boxes => *scores,
                other => {
                    return Err(ModelError::Unusable(format!(
                        "its outputs are {other:?}, not [1, n, 2] and [1, n, 4]"
                    )));
                }
            };
            let (scores, boxes) = (numbers(&outputs[0])?, numbers(&outputs[1])?);
            let scores: Vec<f32> = scores.chunks_exact(2).map(|pair| pair[1]).collect();
            let boxes: Vec<[f32; 4]> = boxes.chunks_exact(4).map(|four| [four[0], four[1], four[2], four[3]]).collect();
            if scores.len() == count && boxes.len() == count && scores.iter().all(|score| score.is_finite()) {
                return Ok((scores, boxes));
            }
            Err(ModelError::Unusable("its scores are no numbers".to_owned()))
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over")]
    fn unusable(error: TractError) -> ModelError {
        ModelError::Unusable(format!("{error:#}"))
    }

    fn onnx_model(onnx: &[u8]) -> TractResult<TypedModel> {
        tract_onnx::onnx().model_for_read(&mut std::io::Cursor::new(onnx))?.into_optimized()
    }

    fn numbers(tensor: &TValue) -> Result<Vec<f32>, ModelError> {
        let plain = tensor.try_as_plain_ram().map_err(unusable)?;
        Ok(plain.as_slice::<f32>().map_err(unusable)?.to_vec())
    }

    /// Shared area of two boxes as a part of their union.
    fn overlap(a: &[f32; 4], b: &[f32; 4]) -> f32 {
        let area = |of: [f32; 4]| (of[2] - of[0]).max(0.0) * (of[3] - of[1]).max(0.0);
        let shared = area([a[0].max(b[0]), a[1].max(b[1]), a[2].min(b[2]), a[3].min(b[3])]);
        let union = area(*a) + area(*b) - shared;
        if union > 0.0 { shared / union } else { 0.0 }
    }
}
